// Whether a photo of a receipt can be read, told before it is sent. Of tiles with print on them: how much of its whole
// step an edge takes from one pixel to the next (blur spreads it), across and down; and whether paper or print runs out
// of the picture.

const SIDE = 1600, TILE = 32, PRINT = 60, SHARP = 0.3, TILES = 8
const at = (values, share) => values.length ? values.sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))] : 0

export const greys = (source, width, height) => {
  const shrink = Math.min(1, SIDE / Math.max(width, height)), w = Math.max(1, Math.round(width * shrink)), h = Math.max(1, Math.round(height * shrink))
  const canvas = Object.assign(document.createElement("canvas"), { width: w, height: h })
  const context = canvas.getContext("2d", { willReadFrequently: true })
  context.imageSmoothingQuality = "high"
  context.drawImage(source, 0, 0, w, h)
  const { data } = context.getImageData(0, 0, w, h), grey = new Uint8Array(w * h)
  for (let i = 0; i < grey.length; i++) { grey[i] = (299 * data[4 * i] + 587 * data[4 * i + 1] + 114 * data[4 * i + 2]) / 1000 }
  return { grey, w, h, canvas }
}

const tiles = ({ grey, w, h }) => {
  const across = [], down = [], paper = []
  for (let top = 0; top + TILE < h; top += TILE) {
    for (let left = 0; left + TILE < w; left += TILE) {
      let low = 255, high = 0, right = 0, below = 0
      for (let y = top; y < top + TILE; y++) {
        for (let i = y * w + left, end = i + TILE; i < end; i++) {
          const v = grey[i]
          if (v < low) { low = v }
          if (v > high) { high = v }
          const r = Math.abs(grey[i + 1] - v), b = Math.abs(grey[i + w] - v)
          if (r > right) { right = r }
          if (b > below) { below = b }
        }
      }
      if (high - low > PRINT) { across.push(right / (high - low)); down.push(below / (high - low)); paper.push(high) }
    }
  }
  return { across, down, paper }
}

// Along one side: how much of it is as bright as the paper, and how much of it has print right at the edge.
const side = ({ grey, w, h }, paper, name) => {
  const deep = Math.max(3, Math.round(0.006 * Math.min(w, h))), upright = name === "left" || name === "right"
  const length = upright ? h : w
  let bright = 0, print = 0
  for (let along = 0; along < length; along++) {
    let low = 255
    for (let n = 0; n < deep; n++) {
      const [x, y] = upright ? [name === "left" ? n : w - 1 - n, along] : [along, name === "top" ? n : h - 1 - n]
      const v = grey[y * w + x]
      if (Math.abs(v - paper) < 35) { bright++ }
      if (v < low) { low = v }
    }
    if (low < paper - 70) { print++ }
  }
  return { paper: bright / (length * deep), print: print / length }
}

export const judged = (picture) => {
  const { across, down, paper } = tiles(picture)
  if (paper.length < TILES) { return { verdict: "unclear", sides: [] } }
  if (Math.min(at(across, 0.6), at(down, 0.6)) < SHARP) { return { verdict: "blurred", sides: [] } }
  const white = at(paper, 0.5)
  const found = Object.fromEntries(["left", "right", "top", "bottom"].map((name) => [name, side(picture, white, name)]))
  const sides = Object.keys(found).filter((name) => {
    const others = name === "left" || name === "right" ? ["top", "bottom"] : ["left", "right"]
    const { paper: share, print } = found[name]
    return share > 0.5 && print > 0.16 && print < 0.6 || share > 0.6 && others.every((other) => found[other].paper < 0.25)
  })
  return { verdict: sides.length ? "cut" : "sharp", sides }
}
