// Drawings are made when they come near, and again when the theme or what is to be shown changes.
"use strict";
(() => {
  const root = document.documentElement;
  const night = matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (root.dataset.theme ? root.dataset.theme === "dark" : night.matches);
  const config = {
    responsive: true, displaylogo: false, scrollZoom: false, doubleClick: "reset",
    modeBarButtons: [["toImage", "zoom2d", "pan2d", "resetScale2d"]],
  };
  const ARRAYS = /^colors$/, SINGLE = /color$/;

  // Every colour of a drawing is named by that of the day.
  const read = (script) => {
    const { nights } = JSON.parse(script.textContent);
    const shade = (colour) => (dark() && Object.hasOwn(nights, colour) ? nights[colour] : colour);
    const drawing = JSON.parse(script.textContent, (key, value) => {
      if (ARRAYS.test(key)) return value.map(shade);
      return SINGLE.test(key) && typeof value === "string" ? shade(value) : value;
    });
    return { ...drawing, shade };
  };

  const style = () => {
    const css = getComputedStyle(document.body);
    return {
      font: { family: css.fontFamily, size: 13, color: css.color },
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      hoverlabel: { bgcolor: css.backgroundColor, bordercolor: css.color, font: { color: css.color }, align: "left" },
      modebar: { bgcolor: "rgba(0,0,0,0)", color: css.color, activecolor: css.color },
    };
  };

  const set = (object, path, value) => {
    const keys = path.split("."), last = keys.pop();
    keys.reduce((inner, key) => inner[key], object)[last] = value;
  };

  const chart = (plot, drawing) => {
    const layout = { ...drawing.layout, ...style() };
    if (plot.clientWidth < 560) {
      for (const [path, value] of Object.entries(drawing.narrow)) set(layout, path, value);
    }
    if (matchMedia("(pointer: coarse)").matches) {
      layout.dragmode = false;
      layout.xaxis.fixedrange = layout.yaxis.fixedrange = true;
    }
    const off = plot.off || new Set();  // what all series add up to is shown with all of them
    const shown = drawing.data.map((trace) => ({ ...trace, visible: trace.meta < 0 ? !off.size : !off.has(trace.meta) }));
    return Plotly.react(plot, shown, layout, { ...config, displayModeBar: layout.dragmode === false ? false : "hover" });
  };

  const tree = (plot, drawing) => {
    const figure = plot.closest("figure");
    const chosen = (name) => [...figure.querySelectorAll(`[data-choice="${name}"]`)].findIndex((each) => each.checked);
    const measure = chosen("measure"), icicle = chosen("shape") === 1;
    const { ids, parents, labels, colors, values, texts, hovers } = drawing.tree;
    const narrow = plot.clientWidth < 560;
    const shape = icicle
      ? { type: "icicle", tiling: { orientation: "h" }, maxdepth: narrow ? 3 : 5, sort: false }
      : { type: "treemap", tiling: { pad: 2 }, maxdepth: 4, marker: { pad: { t: 22, l: 3, r: 3, b: 3 } } };
    const trace = {
      ...shape, ids, parents, labels, values: values[measure], text: texts[measure], hovertext: hovers,
      branchvalues: "total", textinfo: "label+text", hoverinfo: "text", level: plot.level,
      marker: { ...(shape.marker || {}), colors, line: { width: 1, color: getComputedStyle(document.body).backgroundColor } },
      pathbar: { thickness: 22 },
    };
    const layout = {
      height: 460, margin: { l: 0, r: 0, t: 24, b: 0 }, uniformtext: { mode: "hide", minsize: 10 }, ...style(),
    };
    return Plotly.react(plot, [trace], layout, { ...config, displayModeBar: false });
  };

  // Labels that would lie on each other are left out, the later ones first; pointing at a dot tells its name.
  const declutter = (plot) => {
    const taken = [];
    for (const label of plot.querySelectorAll(".annotation-text-g, .textpoint text")) {
      label.style.visibility = "";
      const box = label.getBoundingClientRect();
      const hit = taken.some((other) =>
        box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom);
      if (hit) label.style.visibility = "hidden"; else if (box.width) taken.push(box);
    }
  };

  const make = async (plot, script) => {
    const drawing = read(script);
    plot.style.minHeight = "0";
    await (drawing.tree ? tree : chart)(plot, drawing);
    if (plot.dataset.drawn === undefined) {
      plot.dataset.drawn = "";
      plot.on("plotly_afterplot", () => declutter(plot));
      if (drawing.tree) {
        const moved = (event) => { plot.level = event.nextLevel; };
        plot.on("plotly_treemapclick", moved);
        plot.on("plotly_icicleclick", moved);
      }
    }
    declutter(plot);
  };

  // One drawing of a plot at a time, in the order in which they were asked for.
  const draw = (script) => {
    const plot = document.getElementById(script.dataset.drawing);
    plot.turn = (plot.turn || Promise.resolve()).then(() => make(plot, script));
  };

  const scripts = new Map([...document.querySelectorAll("[data-drawing]")].map(
    (script) => [document.getElementById(script.dataset.drawing), script]));
  const redraw = (plots) => { for (const plot of plots) if (plot.turn) draw(scripts.get(plot)); };

  const near = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) { near.unobserve(target); draw(scripts.get(target)); }
    }
  }, { rootMargin: "600px" });
  for (const plot of scripts.keys()) near.observe(plot);
  addEventListener("beforeprint", () => { for (const script of scripts.values()) draw(script); });
  document.addEventListener("theme", () => redraw(scripts.keys()));

  for (const button of document.querySelectorAll("[data-series]")) {
    button.addEventListener("click", () => {
      const plot = button.closest("figure").querySelector(".plot");
      const on = button.ariaPressed !== "true";
      button.ariaPressed = String(on);
      plot.off = plot.off || new Set();
      plot.off[on ? "delete" : "add"](Number(button.dataset.series));
      redraw([plot]);
    });
  }
  for (const choice of document.querySelectorAll("[data-choice]")) {
    choice.addEventListener("change", () => {
      const figure = choice.closest("figure");
      if (choice.dataset.choice === "measure") {
        const chosen = [...figure.querySelectorAll('[data-choice="measure"]')].findIndex((each) => each.checked);
        for (const part of figure.querySelectorAll("[data-explains]")) part.hidden = Number(part.dataset.explains) !== chosen;
      }
      redraw(figure.querySelectorAll(".plot"));
    });
  }
})();
