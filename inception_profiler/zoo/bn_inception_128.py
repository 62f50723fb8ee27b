"""BN-Inception as its published PyTorch port has it, with wider projections and idle biases."""

from __future__ import annotations

from functools import partial

from inception_profiler.zoo.bn_inception import FIGURE_5, NAMING, PAPER, CaffeBNInception
from inception_profiler.zoo.card import Accuracy, ModelCard, model

# The port widens the two projections, so that 4c and 4d are 608 wide and 4e 1056.
TABLE_128 = FIGURE_5 | {
    name: FIGURE_5[name]._replace(pool_proj=128) for name in ("inception_4c", "inception_4d")
}

model(
    ModelCard(
        name="bn_inception_128",
        title="BN-Inception with 128-wide projections",
        paper=f"{PAPER}, as pretrainedmodels' bninception",
        year=2015,
        family="inception",
        predecessor="bn_inception",
        input=(3, 224, 224),
        params=11_295_240,
        macs=2_032_600_064,
        deviations=(
            "From the paper, as the published PyTorch port: the pool projections of 4c and 4d are 128 wide "
            "and not 96, so that these modules give 608 maps for the paper's 576, and 4e 1056 for 1024; "
            "every convolution has a bias, which the normalization behind it makes idle; the first 7×7 is "
            "dense and not separable.",
            "The constants of the normalization (ε 0.00001), the zeros counted inside the padded averages "
            "and the poolings rounded up are that port's; its weights come from a trained Caffe model, so "
            "Glorot's initialisation is that of bn_inception.",
            "From the port: the last average pooling is global, which equals its 7×7 at 224.",
        ),
        naming=NAMING,
        accuracy=Accuracy(73.524, 91.562, "single 224×224 crop, 1 model", "pretrainedmodels 0.7.4, README"),
    )
)(partial(CaffeBNInception, table=TABLE_128, bias=True))
