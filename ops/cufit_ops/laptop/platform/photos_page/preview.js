import { rgbaToThumbHash, thumbHashToDataURL } from "./thumbhash.js";

const SIDE = 100; // a ThumbHash is made of no more

/** The placeholder of a file that is on its way, as an address for an image; null if the browser
 * cannot open the file, as most cannot open HEIC. The stored photo's own comes with it. */
export async function preview(file) {
  try {
    const small = await createImageBitmap(file, { resizeWidth: SIDE, resizeQuality: "low" });
    const scale = Math.min(1, SIDE / small.height);
    const [width, height] = [small.width, small.height].map((side) => Math.ceil(side * scale));
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d");
    context.drawImage(small, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    return { src: thumbHashToDataURL(rgbaToThumbHash(width, height, data)), width, height };
  } catch {
    return null;
  }
}
