// Takes a file from Python in pieces, through the page's own connection, and hands it to the browser as a download:
// there is no address that somebody else could ask for.
export function render({ model, el }) {
  el.style.display = "none"
  let parts = []
  model.on("msg:custom", (piece) => {
    if (piece.number === 0) { parts = [] }
    parts.push(piece.data)
    if (piece.last) {
      const url = URL.createObjectURL(new Blob(parts, { type: piece.type }))
      parts = []
      const link = Object.assign(document.createElement("a"), { href: url, download: piece.name })
      document.body.append(link)
      link.click()
      link.remove()
      setTimeout(() => URL.revokeObjectURL(url), 60000)
    }
    model.send_msg({ taken: piece.number })
  })
}
