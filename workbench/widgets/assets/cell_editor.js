// Edits a cell of the table in a box of its own above the table: rows that arrive draw the table anew and would close
// a box inside it, and what is typed then would become commands. What is typed goes through the same reading as in the
// sheet, as text; nothing counts.

export function render({ model, el }) {
  el.style.display = "contents"
  const frame = document.createElement("div")
  frame.className = "tabulator-editing cell"
  frame.setAttribute("popover", "manual")
  const box = document.createElement("input")
  box.spellcheck = false
  box.autocomplete = "off"
  box.maxLength = LONGEST
  const used = document.createElement("datalist") // what the case holds in a field that people fill in
  used.id = "rw-cell-used"
  frame.append(box, used)
  el.append(frame)
  frame.dataset.lmSuppressShortcuts = "true" // JupyterLab has keys of its own
  let open = null // {table, id, field, kept}
  let again = null
  let away = false // whether the server is away
  let sent = null // what was kept last, until the server is known to have heard it

  const composing = (e) => e.isComposing || e.keyCode === 229
  const cellOf = () => {
    const row = open.table.rwRows().find((one) => one.getData().receipt_id === open.id)
    return row ? row.getCell(open.field).getElement() : null
  }
  const ours = (node) => {
    for (; node; node = node.parentNode || node.host) { if (node.classList && node.classList.contains(model.scope)) { return true } }
    return false
  }
  // The rows may be drawn anew below: the box goes where its cell stands, and stays where it was while there is none.
  const follow = () => {
    if (!open) { return }
    const cell = cellOf(), place = cell && cell.isConnected ? cell.getBoundingClientRect() : null
    if (place && place.width) {
      Object.assign(frame.style, { left: `${place.left}px`, top: `${place.top}px`, width: `${Math.max(place.width, 90)}px`, height: `${place.height}px` })
    }
    requestAnimationFrame(follow)
  }
  const show = ({ table, id, field, text, kept }) => {
    const spec = model.fields[field]
    if (!spec) { return false }
    keep()
    open = { table, id, field, kept: kept ?? text }
    box.value = text
    box.setAttribute("aria-label", spec[0])
    box.inputMode = spec[1] === "won" ? "numeric" : "text"
    frame.classList.toggle("right", spec[1] === "won")
    used.replaceChildren()
    if (spec[2]) { box.setAttribute("list", used.id) } else { box.removeAttribute("list") }
    model.send_msg({ editing: true, id, field })
    frame.showPopover()
    follow()
    box.focus({ preventScroll: true })
    return true
  }
  const close = () => { open = null; frame.hidePopover(); model.send_msg({ editing: false }) }
  const keep = () => {
    if (!open) { return }
    const { id, field, kept } = open, text = box.value
    close()
    if (text.trim() !== kept) {
      sent = { cell: { id, field, text, kept }, at: performance.now() }
      model.send_msg({ id, field, text, kept })
    }
  }
  const beside = (by) => {
    const { table, id, field } = open
    const names = [...table.element.querySelectorAll(".tabulator-header .tabulator-col")]
      .filter((head) => head.checkVisibility() && model.fields[head.getAttribute("tabulator-field")]).map((head) => head.getAttribute("tabulator-field"))
    const next = names[names.indexOf(field) + by]
    keep()
    if (next) { start(table, id, next) }
  }
  const textOf = (row, field) => {
    const value = row.getData()[field], bare = value === null || value === undefined || Number.isNaN(value)
    return bare ? "" : model.fields[field][1] === "won" ? Math.round(value).toLocaleString("en-US") : String(value)
  }
  const start = (table, id, field) => {
    const row = table.rwRows().find((one) => one.getData().receipt_id === id), spec = model.fields[field]
    if (!row || !spec) { return }
    if (show({ table, id, field, text: textOf(row, field) })) { box.select() }
  }

  box.addEventListener("keydown", (e) => {
    e.stopPropagation()
    if (composing(e)) { return }
    if (e.key === "Enter") { e.preventDefault(); keep() }
    else if (e.key === "Escape") { e.preventDefault(); close() }
    else if (e.key === "Tab") { e.preventDefault(); beside(e.shiftKey ? -1 : 1) }
  })
  box.addEventListener("blur", () => { if (document.hasFocus() && !away) { keep() } })

  const wanted = (e) => { if (ours(e.detail.table.element)) { start(e.detail.table, e.detail.id, e.detail.field) } }
  const leaving = (e) => {
    away = true
    if (open) { e.detail.cell = { id: open.id, field: open.field, kept: open.kept, text: box.value } }
    else if (sent) { e.detail.cell = sent.cell }
  }
  const heard = (e) => { if (sent && sent.at < e.detail) { sent = null } }
  const tables = (e) => { // back after the server was away: what was being typed stands there again
    if (again && ours(e.detail.element)) {
      const cell = again, row = e.detail.rwRows().find((one) => one.getData().receipt_id === cell.id)
      if (!row) { return }
      again = null
      const bare = (text) => text.replaceAll(",", "").trim()
      if (bare(textOf(row, cell.field)) !== bare(cell.text)) { show({ table: e.detail, ...cell }) } // else it had arrived
    }
  }
  const back = (e) => { away = false; if (e.detail.cell) { again = e.detail.cell } }
  model.on("msg:custom", ({ field, values }) => {
    if (open?.field === field) { used.replaceChildren(...values.map((value) => Object.assign(document.createElement("option"), { value }))) }
  })
  window.addEventListener("rw-cell", wanted)
  asksBeforeLeaving(model, () => open && box.value.trim() !== open.kept)
  window.addEventListener("rw-leaving", leaving)
  window.addEventListener("rw-back", back)
  window.addEventListener("rw-heard", heard)
  window.addEventListener("rw-drawn", tables)
  model.on("remove", () => {
    open = null
    for (const [name, hears] of [["rw-cell", wanted], ["rw-leaving", leaving], ["rw-back", back], ["rw-heard", heard], ["rw-drawn", tables]]) { window.removeEventListener(name, hears) }
  })
}
