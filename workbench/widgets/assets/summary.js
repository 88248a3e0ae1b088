// The summary: boxes of figures, and bars that are buttons.

export function render({ model, el }) {
  const page = h("div", { class: "page" })
  el.append(page)
  const box = ([name, value, note, share]) => h("div", { class: "box" }, h("span", { class: "name" }, name), h("b", {}, value), note && h("small", {}, note),
    share !== null && h("span", { class: "track" }, h("span", { style: `width:${share}%` })))
  const bar = (facet) => ([key, name, won, count, start, length]) => h(key ? "button" : "div",
    { class: "bar", title: `${name} · ${won} · ${count}`, onclick: () => key && model.send_msg({ facet, key }) },
    h("span", { class: "name" }, name), h("span", { class: "lane" }, h("span", { class: "length", style: `margin-left:${start}%;width:${length}%` })),
    h("b", {}, won), h("span", { class: "soft" }, count))
  const draw = () => {
    page.replaceChildren(h("div", { class: "heads" }, model.heads.map(box)),
      h("div", { class: "charts" }, model.charts.map(([facet, title, bars]) => h("section", {}, h("h2", {}, title), h("div", { class: "bars" }, bars.map(bar(facet)))))),
      h("p", { class: "hint" }, model.hint))
  }
  model.on("heads", draw)
  model.on("charts", draw)
  draw()
}
