// Short words in the corner, above whatever is open: each goes after a while, errors and warnings when they are closed.
const SIGN = { info: "ⓘ", success: "✓", warning: "△", error: "✕" }
export function render({ model, el }) {
  const box = document.createElement("div")
  box.className = "toasts"
  box.popover = "manual" // a dialog lies above all that is no popover, and above those that were shown before it
  el.append(box)
  const raise = () => {
    if (box.matches(":popover-open")) { box.hidePopover() }
    if (box.isConnected) { box.showPopover() }
  }
  model.on("news", () => {
    const { kind, text } = model.news
    const toast = document.createElement("div")
    toast.className = `toast ${kind}`
    toast.setAttribute("role", kind === "error" ? "alert" : "status")
    const sign = Object.assign(document.createElement("span"), { className: "sign", textContent: SIGN[kind] })
    const words = Object.assign(document.createElement("span"), { className: "words", textContent: text })
    const close = Object.assign(document.createElement("button"), { textContent: "✕", ariaLabel: "닫기" })
    const gone = () => toast.remove()
    close.addEventListener("click", gone)
    toast.append(sign, words, close)
    if (box.lastChild?.className === toast.className && box.lastChild.textContent === toast.textContent) { box.lastChild.remove() } // said again
    raise()
    box.append(toast)
    while (box.children.length > 4) { box.firstChild.remove() }
    const ends = () => toast.matches(":hover, :focus-within") ? setTimeout(ends, 1000) : gone()
    setTimeout(ends, kind === "error" || kind === "warning" ? 20000 : 2500 + 80 * text.length) // the time to read it
  })
  // Under an open dialog nothing else is reached: a press on a word goes to the dialog, which would take it for one beside
  // itself and close.
  const within = (node, e) => { const r = node.getBoundingClientRect(); return e.clientX >= r.left && e.clientX <= r.right && e.clientY >= r.top && e.clientY <= r.bottom }
  const pressed = (e) => {
    const toast = [...box.children].find((one) => within(one, e))
    if (!toast || e.composedPath().includes(box)) { return }
    e.preventDefault()
    e.stopPropagation()
    if (e.type === "click" && within(toast.querySelector("button"), e)) { toast.remove() }
  }
  document.addEventListener("pointerdown", pressed, true)
  document.addEventListener("click", pressed, true)
  model.on("remove", () => {
    document.removeEventListener("pointerdown", pressed, true)
    document.removeEventListener("click", pressed, true)
  })
}
