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
    raise()
    box.append(toast)
    while (box.children.length > 4) { box.firstChild.remove() }
    setTimeout(gone, kind === "error" || kind === "warning" ? 20000 : 3500)
  })
}
