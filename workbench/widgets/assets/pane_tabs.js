// Which of two panes is in front, where only one has room.
export function render({ model, el }) {
  const bar = Object.assign(document.createElement("div"), { className: "panes" })
  bar.setAttribute("role", "tablist")
  const row = Object.assign(document.createElement("div"), { className: "tabs-row" })
  row.append(bar); el.append(row)
  const buttons = model.tabs.map(([name, text]) => {
    const button = Object.assign(document.createElement("button"), { textContent: text })
    button.setAttribute("role", "tab")
    button.addEventListener("click", () => { if (model.front !== name) { model.send_msg({ front: name }) } })
    bar.append(button)
    return button
  })
  const files = Object.assign(document.createElement("button"), { className: "files", textContent: model.files })
  files.addEventListener("click", () => window.dispatchEvent(new CustomEvent("rw-choose", { detail: { scope: model.scope } })))
  bar.after(files)
  const draw = () => buttons.forEach((button, place) => button.setAttribute("aria-selected", String(model.tabs[place][0] === model.front)))
  model.on("front", draw)
  draw()
}
