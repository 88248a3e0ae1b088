// The receipts that were put aside, each with its way back.
export function render({ model, el }) {
  const box = document.createElement("div")
  box.className = "box"
  const tools = document.createElement("div")
  tools.className = "tools"
  el.append(tools, box)
  const back = (text, ids) => {
    const button = Object.assign(document.createElement("button"), { textContent: text })
    button.addEventListener("click", () => model.send_msg({ ids }))
    return button
  }
  const draw = () => {
    tools.replaceChildren(...(model.rows.length > 1 ? [back(model.words.all, model.rows.map(([id]) => id))] : []))
    const table = document.createElement("table")
    for (const [id, ...cells] of model.rows) {
      const row = table.insertRow()
      for (const text of cells) { row.insertCell().textContent = text }
      row.insertCell().append(back(model.words.restore, [id]))
    }
    box.replaceChildren(model.rows.length ? table : document.createTextNode(model.words.empty))
  }
  model.on("rows", draw)
  draw()
}
