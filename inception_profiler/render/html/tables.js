// Tables are sorted by their headers and filtered by a field above them; what is folded is unfolded by links to it.
"use strict";
(() => {
  const byText = new Intl.Collator("en", { numeric: true }).compare;
  const level = (row) => Number(row.dataset.level || 0);

  // Rows with those below them, so that sorting moves a module together with its layers.
  const grown = (rows) => {
    const roots = [], above = [];
    for (const row of rows) {
      const entry = { row, parts: [] };
      above.length = Math.min(above.length, level(row));
      (above.length ? above[above.length - 1].parts : roots).push(entry);
      above.push(entry);
    }
    return roots;
  };
  const spread = (entries) => entries.flatMap((entry) => [entry.row, ...spread(entry.parts)]);

  class Sheet {
    constructor(table) {
      this.table = table;
      this.body = table.tBodies[0];
      this.rows = [...this.body.rows];
      this.roots = grown(this.rows);
      this.heads = [...table.tHead.rows[0].cells];
      this.flat = false;
      this.by = { column: -1, sign: 0 };
      if ("sortable" in table.dataset) this.heads.forEach((head, column) => this.sorts(head, column));
      if ("long" in table.dataset) this.filters();
    }

    sorts(head, column) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      head.ariaSort = "none";
      const first = head.classList.contains("number") ? -1 : 1;
      button.addEventListener("click", () => {
        const { column: last, sign } = this.by;
        const next = last !== column ? first : sign === first ? -first : 0;
        this.by = { column, sign: next };
        this.heads.forEach((each, n) => {
          each.ariaSort = n !== column || !next ? "none" : next > 0 ? "ascending" : "descending";
        });
        this.show();
      });
    }

    filters() {
      const tools = document.createElement("div");
      const label = document.createElement("label");
      this.field = document.createElement("input");
      this.field.type = "search";
      this.field.autocomplete = "off";
      this.field.spellcheck = false;
      label.append("Filter ", this.field);
      this.said = document.createElement("output");
      this.said.ariaLive = "polite";
      tools.className = "tools";
      tools.append(label);
      if ("deep" in this.table.dataset) {
        const flat = document.createElement("label");
        const box = document.createElement("input");
        box.type = "checkbox";
        box.addEventListener("change", () => { this.flat = box.checked; this.show(); });
        flat.append(box, " lowest rows only, sorted together");
        tools.append(flat);
      }
      tools.append(this.said);
      this.table.parentElement.before(tools);
      this.field.addEventListener("input", () => this.show());
      this.counts(this.rows);
    }

    value(row) {
      const cell = row.cells[this.by.column];
      if (!this.heads[this.by.column].classList.contains("number")) return cell.textContent;
      return "value" in cell.dataset ? Number(cell.dataset.value.replace("inf", "Infinity")) : null;
    }

    sorted(entries) {
      if (!this.by.sign) return entries.map((each) => ({ ...each, parts: this.sorted(each.parts) }));
      const keyed = entries.map((each) => ({ ...each, key: this.value(each.row), parts: this.sorted(each.parts) }));
      return keyed.sort((one, other) => {
        if (one.key === null || other.key === null) return (one.key === null) - (other.key === null);
        const order = typeof one.key === "string" ? byText(one.key, other.key) : one.key - other.key;
        return this.by.sign * (order || 0);
      });
    }

    // A row is shown if it says what is sought, or is above or below one that does.
    matching(entries, words, within) {
      let any = false;
      for (const { row, parts } of entries) {
        const text = row.textContent.toLowerCase();
        const own = words.every((word) => text.includes(word));
        const below = this.matching(parts, words, within || own);
        row.hidden = !(within || own || below);
        row.classList.toggle("context", !own && !within && below && words.length > 0);
        any = any || own || below;
      }
      return any;
    }

    show() {
      const words = (this.field ? this.field.value : "").toLowerCase().split(/\s+/).filter(Boolean);
      let entries = this.roots;
      if (this.flat) {
        const lowest = (each) => (each.parts.length ? each.parts.flatMap(lowest) : [each]);
        entries = entries.flatMap(lowest);
      }
      for (const row of this.rows) row.hidden = true;
      this.matching(entries, words, false);
      const shown = spread(this.sorted(entries));
      this.table.classList.toggle("flat", this.flat);
      this.body.append(...shown);
      if (this.said) this.counts(shown);
    }

    counts(rows) {
      const count = rows.filter((row) => !row.hidden).length;
      this.said.textContent = `${count.toLocaleString("en")} of ${this.rows.length.toLocaleString("en")} rows`;
    }
  }

  const prepare = (part) => {
    for (const table of part.querySelectorAll("table")) {
      if (!table.sheet && !table.closest("details:not([open])")) table.sheet = new Sheet(table);
    }
  };
  prepare(document);
  for (const fold of document.querySelectorAll("main details")) {
    fold.addEventListener("toggle", () => prepare(fold));
  }
  const unfold = () => {
    const fold = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (fold && fold.matches("details")) {
      fold.open = true;
      fold.scrollIntoView();
      fold.querySelector("summary").focus({ preventScroll: true });
    }
  };
  addEventListener("hashchange", unfold);
  unfold();
})();
