// Light or dark: as the system has it, unless the reader has chosen.
"use strict";
(() => {
  const root = document.documentElement;
  const choice = document.getElementById("theme");
  const key = "inception_profiler.theme";
  const stored = () => { try { return localStorage.getItem(key) || ""; } catch { return ""; } };
  const store = (value) => { try { localStorage.setItem(key, value); } catch { /* a page without storage forgets */ } };
  const night = matchMedia("(prefers-color-scheme: dark)");
  const show = (value) => {
    if (value) root.dataset.theme = value; else delete root.dataset.theme;
    document.dispatchEvent(new Event("theme"));
  };
  choice.value = ["light", "dark"].includes(stored()) ? stored() : "";
  show(choice.value);
  choice.addEventListener("change", () => { store(choice.value); show(choice.value); });
  night.addEventListener("change", () => document.dispatchEvent(new Event("theme")));
})();
