// The list of what was said and done: filtered in the browser by what is typed, handed over as a file.
export function render({ model, el }) {
  const find = node("input", { className: "find", type: "search" })
  const of = node("button"), all = node("button"), file = node("button"), more = node("span", { className: "more" })
  const table = node("table"), box = node("div", { className: "box" }, table)
  el.append(node("div", { className: "tools" }, of, all, find, more, file), box)
  const draw = () => {
    const { rows, whole, words } = model.view
    if (!words.columns) { return }
    find.placeholder = words.find
    find.setAttribute("aria-label", words.find)
    of.textContent = words.of; all.textContent = words.all; file.textContent = words.csv; more.textContent = words.more
    of.className = whole ? "" : "on"; all.className = whole ? "on" : ""
    const needle = find.value.trim().toLowerCase()
    const shown = rows.filter((row) => row.join("\n").toLowerCase().includes(needle))
    table.replaceChildren(
      node("thead", {}, node("tr", {}, ...words.columns.map((name) => node("th", { textContent: name })))),
      node("tbody", {}, ...shown.map((row) => node("tr", {}, ...row.map((text) => node("td", { textContent: text, title: text }))))))
  }
  of.addEventListener("click", () => model.send_msg({ verb: "one" }))
  all.addEventListener("click", () => model.send_msg({ verb: "whole" }))
  file.addEventListener("click", () => model.send_msg({ verb: "csv" }))
  find.addEventListener("input", draw)
  find.addEventListener("keydown", (e) => { if (e.key !== "Escape") { e.stopPropagation() } })
  model.on("view", draw)
  model.on("csv", () => {
    if (!model.csv) { return }
    const link = node("a", { href: URL.createObjectURL(new Blob(["\ufeff", model.csv], { type: "text/csv" })), download: "이력.csv" })
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
  })
  draw()
}
