// Fits the rectangle asked for into the frame, keeping the picture's shape; only the browser knows the frame's size.
const [l, t, r, b] = ["l", "t", "r", "b"].map((k) => aim.data[k][0])
const W = figure.inner_width, H = figure.inner_height
if (!(W > 0 && H > 0) || r <= l) { return }
const s = Math.max((r - l) / W, (b - t) / H)
// Nothing beyond the picture's edge is shown as long as there is picture to show.
const within = (middle, shown, whole) => shown >= whole ? whole / 2 : Math.min(Math.max(middle, shown / 2), whole - shown / 2)
const cx = within((l + r) / 2, s * W, aim.data.w[0]), cy = within((t + b) / 2, s * H, aim.data.h[0])
const to = [cx - s * W / 2, cx + s * W / 2, cy + s * H / 2, cy - s * H / 2]
const from = [x.start, x.end, y.start, y.end]
const still = aim.data.jump[0] || window.matchMedia("(prefers-reduced-motion: reduce)").matches
window.cancelAnimationFrame(figure._aiming)
const began = performance.now()
const go = () => {
  const p = still ? 1 : Math.min(1, (performance.now() - began) / 140), e = p * (2 - p)
  const [a, b, c, d] = from.map((v, i) => v + (to[i] - v) * e)
  x.setv({start: a, end: b}); y.setv({start: c, end: d})
  if (p < 1) { figure._aiming = window.requestAnimationFrame(go) }
}
go()
