// The drop strip: files chosen or dropped anywhere on the page go to Python one after the other, in pieces that a
// websocket of any server takes, each acknowledged before the next. Files are told apart by number, not by name.

const PIECE = 2 * 1024 * 1024

const entries = async (entry) => {
  if (entry.isFile) { return [await new Promise((ok, no) => entry.file(ok, no))] }
  const reader = entry.createReader(), found = []
  for (;;) {
    const some = await new Promise((ok, no) => reader.readEntries(ok, no))
    if (!some.length) { return found }
    for (const one of some) { if (!one.name.startsWith(".")) { found.push(...await entries(one)) } }
  }
}

export function render({ model, el }) {
  const input = document.createElement("input")
  Object.assign(input, { type: "file", className: "files", multiple: true, hidden: true, accept: model.accept })
  const strip = document.createElement("button")
  strip.className = "strip"
  const sign = Object.assign(document.createElement("span"), { className: "sign", textContent: "＋" })
  const text = Object.assign(document.createElement("span"), { className: "text" })
  const hint = Object.assign(document.createElement("span"), { className: "hint", textContent: model.types })
  const bar = Object.assign(document.createElement("span"), { className: "bar" })
  strip.append(sign, text, hint, bar)
  el.append(strip, input)

  let line = [], at = 0, sending = false, acknowledge = null
  const show = () => {
    const file = line[at]
    strip.classList.toggle("busy", sending)
    text.textContent = sending && file ? model.receiving.replace("{done}", at + 1).replace("{total}", line.length).replace("{name}", file.name) : model.label
    hint.hidden = sending
    if (!sending) { bar.style.width = "0" }
  }
  const pump = async () => {
    if (sending) { return }
    sending = true
    for (; at < line.length; at++) {
      const file = line[at], pieces = Math.max(1, Math.ceil(file.size / PIECE))
      show()
      for (let n = 0; n < pieces; n++) {
        let data
        try { data = await file.slice(n * PIECE, (n + 1) * PIECE).arrayBuffer() } catch (e) { data = null }
        const answered = new Promise((ok) => { acknowledge = ok })
        model.send_msg({ first: n === 0, number: at, name: file.name, size: file.size, last: n + 1 === pieces || data === null, broken: data === null, more: at + 1 < line.length, data })
        await answered
        bar.style.width = `${100 * (at + (n + 1) / pieces) / line.length}%`
        if (data === null) { break }
      }
    }
    sending = false; line = []; at = 0
    show()
  }
  const take = (files) => { if (files.length) { line.push(...files); pump() } }
  model.on("msg:custom", () => { if (acknowledge) { const ok = acknowledge; acknowledge = null; ok() } })

  strip.addEventListener("click", () => input.click())
  input.addEventListener("change", () => { take([...input.files]); input.value = "" })
  const holdsFiles = (e) => e.dataTransfer && [...e.dataTransfer.types].includes("Files")
  const ours = (e) => !model.inside || e.composedPath().some((n) => n instanceof Element && n.classList.contains(model.scope))
  const over = (e) => { if (holdsFiles(e) && ours(e)) { e.preventDefault(); strip.classList.add("over") } }
  const given = (e) => { if (e.detail.scope === model.scope) { take(e.detail.files) } } // a phone's pictures
  const choose = (e) => { if (e.detail.scope === model.scope) { input.click() } }
  const out = (e) => { if (!e.relatedTarget) { strip.classList.remove("over") } }
  const drop = async (e) => {
    if (!holdsFiles(e) || !ours(e)) { return }
    e.preventDefault(); strip.classList.remove("over")
    const items = [...e.dataTransfer.items].map((i) => i.webkitGetAsEntry ? i.webkitGetAsEntry() : null)
    if (items.some((i) => i && i.isDirectory)) {
      const found = []
      for (const item of items) { if (item) { found.push(...await entries(item)) } }
      take(found)
    } else { take([...e.dataTransfer.files]) }
  }
  document.addEventListener("dragover", over)
  document.addEventListener("dragleave", out)
  document.addEventListener("drop", drop)
  window.addEventListener("rw-files", given)
  window.addEventListener("rw-choose", choose)
  model.on("remove", () => {
    document.removeEventListener("dragover", over)
    document.removeEventListener("dragleave", out)
    document.removeEventListener("drop", drop)
    window.removeEventListener("rw-files", given)
    window.removeEventListener("rw-choose", choose)
  })
  show()
}
