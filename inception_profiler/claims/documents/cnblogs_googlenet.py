"""Document 004 on GoogLeNet: its size against AlexNet and VGG, its depth, its heads, its 5,607,184 parameters."""

from __future__ import annotations

from collections.abc import Sequence

from inception_profiler.claims.bibliography import CNBLOGS_GOOGLENET
from inception_profiler.claims.derive import (
    added,
    counted,
    fact,
    how_many,
    printed_quotient,
    ratio,
    total,
    trained,
    whole,
)
from inception_profiler.claims.layers import of_kind, params, weights
from inception_profiler.claims.ledger import enter
from inception_profiler.claims.networks import NOTABLY, depth, times, with_kernel, without
from inception_profiler.records.claim import AT_LEAST, DEFAULT, LESS, MORE, Quantity, Reading, Used
from inception_profiler.records.layer import LayerCost

GOOGLENET = "inception_v1"
SLIM = "inception_v1_slim"
LATER = {
    SLIM: "that of TF-slim's inception_v1",
    "googlenet_torchvision": "that of torchvision's googlenet",
    "bn_inception": "that of BN-Inception",
}
"""What else is called GoogLeNet or Inception-v1, for a figure that may have been taken from it."""


def is_linear(layer: LayerCost) -> bool:
    """Tell a fully connected layer, a classifier that is a 1×1 convolution on a 1×1 map among them."""
    single = layer.call.kind == "convolution" and layer.call.outputs[0].shape[2:] == (1, 1)
    return layer.call.kind == "linear" or single


def parameters_of_googlenet() -> tuple[Reading, ...]:
    """Count GoogLeNet's parameters: all, without biases, without the classifier; then its later forms."""
    model = counted(GOOGLENET)
    return (
        whole(model, "params", "params"),
        total(model, model.layers, weights(model), "params", title=f"weights of {GOOGLENET}",
              convention="without biases"),
        without(model, is_linear, params, "params", convention="without the classifier"),
        *(whole(counted(name), "params", "params", convention=what, explains=True)
          for name, what in LATER.items()),
        without(counted(SLIM), is_linear, params, "params",
                convention="that of TF-slim's inception_v1 without its classifier", explains=True),
    )  # fmt: skip


def alexnet_against_googlenet() -> tuple[Reading, ...]:
    """Divide AlexNet's parameters by GoogLeNet's, in the same three ways."""
    alexnet, model = counted("alexnet"), counted(GOOGLENET)
    whole_of, plain, trunk = parameters_of_googlenet()[:3]
    over = whole(alexnet, "params", "params")
    bare = total(alexnet, alexnet.layers, weights(alexnet), "params", title="weights of alexnet",
                 convention=plain.convention)  # fmt: skip
    return (
        ratio(over, whole_of, title=f"alexnet / {model.model}"),
        ratio(bare, plain, title=f"alexnet / {model.model}"),
        ratio(over, trunk, title=f"alexnet / {model.model}",
              convention="GoogLeNet without its classifier, AlexNet with its own"),
        *(times("alexnet", name, convention=f"AlexNet / {what}", explains=True)
          for name, what in LATER.items()),
    )  # fmt: skip


def _vgg_against_alexnet() -> tuple[Reading, ...]:
    vggs = ("vgg11", "vgg13", "vgg16_c", "vgg19")
    return (
        times("vgg16", "alexnet"),
        *(times(vgg, "alexnet", convention=f"{vgg} / alexnet", explains=True) for vgg in vggs),
        times("vgg16", "alexnet", "contraction_activations", "outputs",
              convention="the quotient of the outputs of convolutions and linear layers", explains=True),
        times("vgg16", "alexnet", "macs", "MACs", convention="the quotient of the MACs", explains=True),
    )  # fmt: skip


enter(
    "googlenet-size",
    CNBLOGS_GOOGLENET,
    "虽然深度只有22层,但大小却比AlexNet和VGG小很多,GoogleNet参数为500万个,AlexNet参数个数是GoogleNet的12倍,VGGNet参数又是AlexNet的3倍",
    "Although it is only 22 layers deep, it is much smaller than AlexNet and VGG: GoogLeNet has 5 million "
    "parameters, AlexNet has 12 times as many as GoogLeNet, and VGGNet in turn 3 times as many as AlexNet",
    (
        Quantity("depth", "22层", "layers with weights on GoogLeNet's longest path"),
        lambda: (depth(GOOGLENET),),
    ),
    (
        Quantity("smaller than AlexNet", "比AlexNet和VGG小很多", "parameters of AlexNet / GoogLeNet", MORE, bound=NOTABLY),
        lambda: (times("alexnet", GOOGLENET),),
    ),
    (
        Quantity("smaller than VGG", "比AlexNet和VGG小很多", "parameters of VGG-16 / GoogLeNet", MORE, bound=NOTABLY),
        lambda: (times("vgg16", GOOGLENET),),
    ),
    (
        Quantity("GoogLeNet", "500万个", "parameters of GoogLeNet"),
        lambda: (
            *parameters_of_googlenet(),
            printed_quotient("60 million", "12", "what “12 times fewer” makes of AlexNet's 60 million", unit="params"),
        ),
    ),
    (
        Quantity("AlexNet / GoogLeNet", "12倍", "parameters of AlexNet / GoogLeNet"),
        lambda: (
            *alexnet_against_googlenet(),
            printed_quotient("60 million", "500万", "the quotient of the printed 60 million and 5 million, of which the latter is wrong"),
        ),
    ),
    (
        Quantity("VGG / AlexNet", "3倍", "parameters of VGG-16 / AlexNet"),
        _vgg_against_alexnet,
    ),
)  # fmt: skip


def _variables(*, classifier: bool) -> Reading:
    """Add up the variables of TF-slim's network: weights, shifts, and the two moving statistics."""
    model = counted(SLIM)
    convolutions = [
        layer for layer in of_kind(model.layers, "convolution") if classifier or not is_linear(layer)
    ]
    shifts = of_kind(model.layers, "normalization")
    moving = [spec for spec in model.buffers if spec.tensor.shape]
    statistics = sum(spec.tensor.numel for spec in moving)
    used = [
        Used(
            model.model,
            layer.call.index,
            layer.name,
            "×".join(map(str, layer.call.outputs[0].shape[1:])),
            2 * layer.params,
        )
        for layer in shifts
    ]
    title = "all variables" if classifier else "all variables before the classifier"
    return added(
        f"{title} of {SLIM}",
        (
            total(model, convolutions, params, "params", title="weights of the convolutions"),
            total(model, shifts, params, "params", title="shifts β of the normalizations"),
            fact(statistics, "params", "moving means and variances of the normalizations",
                 f"2 · {statistics // 2}", formula="buffers of the profile", layers=used),
        ),
        convention=f"TF-slim's {title}: weights, β, and the moving statistics, which are not trained",
    )  # fmt: skip


def _inception_v1() -> tuple[Reading, ...]:
    """Count what can be called the parameters of Inception-v1, until a way gives what is printed."""
    return (
        *parameters_of_googlenet()[:3],
        whole(counted(SLIM), "params", "params", convention="TF-slim's trained parameters"),
        _variables(classifier=True),
        _variables(classifier=False),
        without(counted(SLIM), is_linear, params, "params",
                convention="TF-slim's trained parameters before the classifier"),
    )  # fmt: skip


enter(
    "inception-v1-parameters",
    CNBLOGS_GOOGLENET,
    "Inception V1的参数量=5607184,约为560w",
    "Inception V1 has 5607184 parameters, about 5.6 million",
    (Quantity("parameters", "5607184", "parameters of Inception-v1, whose TF-slim code the post prints"), _inception_v1),
    (Quantity("in words", "560w", "the same figure in ten thousands"), _inception_v1),
)  # fmt: skip


def _more_3x3() -> Sequence[Reading]:
    slim, paper = (
        how_many(counted(name), with_kernel(counted(name), 3, 3), "3×3 convolutions")
        for name in (SLIM, GOOGLENET)
    )
    more = int(slim.value - paper.value)
    numbers = f"{slim.value} − {paper.value}"
    return (fact(more, "convolutions", "3×3 more", numbers, formula="a − b", layers=slim.layers),)


enter(
    "slim-has-no-5x5",
    CNBLOGS_GOOGLENET,
    "即使在InceptionV1中,他也没有使用论文里说的5*5的卷积核,而是用的3*3的卷积核。",
    "Even in its InceptionV1 slim does not use the 5×5 kernels that the paper speaks of, but 3×3 kernels",
    (
        Quantity("5×5", "没有使用论文里说的5*5的卷积核", "5×5 convolutions in TF-slim's inception_v1", bound="0"),
        lambda: (how_many(counted(SLIM), with_kernel(counted(SLIM), 5, 5), "5×5 convolutions"),),
    ),
    (
        Quantity("in the paper", "论文里说的5*5", "5×5 convolutions in the paper's network: one a module", bound="9"),
        lambda: (how_many(counted(GOOGLENET), with_kernel(counted(GOOGLENET), 5, 5), "5×5 convolutions"),),
    ),
    (
        Quantity("3×3", "用的3*3", "3×3 convolutions that TF-slim's network has more than the paper's", bound="9"),
        _more_3x3,
    ),
)  # fmt: skip


enter(
    "average-pooling-gains",
    CNBLOGS_GOOGLENET,
    "网络最后采用了average pooling(平均池化)来代替全连接层,,事实证明这样可以将准确率提高0.6%。但是,实际在最后还是加了一个全连接层",
    "At the end the network uses average pooling in place of fully connected layers, which has been shown to raise "
    "the accuracy by 0.6 %. Yet one fully connected layer has been added at the very end after all",
    Quantity("accuracy", "0.6%", "rise of the top-1 accuracy",
             reported="Szegedy et al., Going Deeper with Convolutions, section 5; transcribed from memory"),
    (
        Quantity("fully connected layers", "一个全连接层", "fully connected layers of GoogLeNet", bound="1"),
        lambda: (how_many(counted(GOOGLENET), of_kind(counted(GOOGLENET).layers, "linear"), "linear layers"),),
    ),
)  # fmt: skip

enter(
    "dropout-stays",
    CNBLOGS_GOOGLENET,
    "虽然移除了全连接,但是网络中依然使用了Dropout",
    "Although the fully connected layers were removed, the network still uses dropout",
    (
        Quantity("dropout", "依然使用了Dropout", "dropouts in GoogLeNet", AT_LEAST, bound="1"),
        lambda: (
            how_many(counted(GOOGLENET), [layer for layer in counted(GOOGLENET).layers if layer.op == "dropout"],
                     "dropouts"),
        ),
    ),
)  # fmt: skip


def auxiliary_heads(convention: str = DEFAULT) -> Reading:
    """Count the auxiliary classifiers of GoogLeNet: the last linear layer of each, in training."""
    last = {
        layer.path.split(".")[0]: layer
        for layer in of_kind(trained(GOOGLENET).layers, "linear")
        if layer.stage == "auxiliary"
    }
    return how_many(trained(GOOGLENET), tuple(last.values()), "auxiliary classifiers", convention=convention)


def loss_weight() -> Reading:
    """Return what the package's own loss multiplies an auxiliary loss by, which it takes from the paper."""
    from inception_profiler.zoo.auxiliary_loss import WEIGHT

    return fact(WEIGHT, "×", "weight of an auxiliary loss", str(WEIGHT),
                formula="zoo.auxiliary_loss, after the paper's section 5")  # fmt: skip


enter(
    "auxiliary-branches",
    CNBLOGS_GOOGLENET,
    "辅助分类器的两个分支有什么用呢?",
    "What are the two branches of auxiliary classifiers for?",
    (
        Quantity("heads", "两个", "auxiliary classifiers of GoogLeNet in training"),
        lambda: (auxiliary_heads(),),
    ),
)

enter(
    "auxiliary-weight-in-training",
    CNBLOGS_GOOGLENET,
    "在训练期间,它们的损失以折扣权重(辅助分类器损失的权重是0.3)加到网络的整个损失上。",
    "In training their loss is added to that of the network at a discount (the weight of an auxiliary loss is 0.3)",
    (Quantity("weight", "0.3", "what an auxiliary loss is multiplied by"), lambda: (loss_weight(),)),
)


def _limited(reference: str, key: str, unit: str) -> tuple[Reading, ...]:
    return (times(GOOGLENET, reference, key, unit),)


enter(
    "googlenet-where-resources-are-short",
    CNBLOGS_GOOGLENET,
    "因此在内存或计算资源有限时,GoogleNet是比较好的选择;从模型结果来看,GoogLeNet的性能却更加优越。",
    "So where memory or computation is short, GoogLeNet is the better choice; and by its results it is superior as well",
    (
        Quantity("memory against VGG", "内存", "bytes of the weights of GoogLeNet / VGG-16", LESS, bound="1"),
        lambda: _limited("vgg16", "weight_bytes", "bytes"),
    ),
    (
        Quantity(
            "memory against AlexNet", "在内存", "bytes of the weights of GoogLeNet / AlexNet", LESS, bound="1"
        ),
        lambda: _limited("alexnet", "weight_bytes", "bytes"),
    ),
    (
        Quantity("computation against VGG", "计算资源有限", "MACs of GoogLeNet / VGG-16", LESS, bound="1"),
        lambda: _limited("vgg16", "macs", "MACs"),
    ),
    (
        Quantity(
            "computation against AlexNet", "或计算资源有限", "MACs of GoogLeNet / AlexNet", LESS, bound="1"
        ),
        lambda: _limited("alexnet", "macs", "MACs"),
    ),
    Quantity(
        "results",
        "性能却更加优越",
        "top-5 errors of the two",
        reported="ILSVRC-2014 results; transcribed from memory",
    ),
)

enter(
    "ilsvrc-2014",
    CNBLOGS_GOOGLENET,
    "GoogLeNet获得了第一名、VGG获得了第二名",
    "GoogLeNet came first and VGG second",
    Quantity(
        "GoogLeNet",
        "第一名",
        "rank in classification",
        reported="ILSVRC-2014 results; transcribed from memory",
    ),
    Quantity(
        "VGG", "第二名", "rank in classification", reported="ILSVRC-2014 results; transcribed from memory"
    ),
)
