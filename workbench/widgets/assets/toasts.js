// Short words in the corner: each goes after a while, errors and warnings when they are closed.
const SIGN = { info: "ⓘ", success: "✓", warning: "△", error: "✕" }
export function render({ model, el }) {
  const box = document.createElement("div")
  box.className = "toasts"
  el.append(box)
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
    box.append(toast)
    while (box.children.length > 4) { box.firstChild.remove() }
    setTimeout(gone, kind === "error" || kind === "warning" ? 20000 : 3500)
  })
}
