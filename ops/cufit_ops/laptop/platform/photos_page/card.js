/** One photo on the page. What others wrote (file names, the API's sentences) is text, never HTML. */
export class Card {
  /** `name` says which photo this is: a file's name, or when it was uploaded. */
  constructor(name, remove) {
    const template = document.getElementById("card").content;
    this.element = template.cloneNode(true).firstElementChild;
    this.picture = this.element.querySelector(".picture");
    this.name = name;
    this.photoId = null;
    this.state = "UPLOADING";
    this.sentence = "";
    this.button.addEventListener("click", () => remove(this));
  }

  get button() {
    return this.element.querySelector("button");
  }

  get isBusy() {
    return this.state === "UPLOADING" || (this.state === "PENDING" && !this.sentence);
  }

  /** `state` is the API's, or UPLOADING or FAILED; the sentence is in the language of `words`. */
  become(state, words, sentence = "") {
    this.state = state;
    this.sentence = sentence;
    this.element.querySelector(".sentence").lang = document.documentElement.lang;
    this.write(words);
  }

  write(words) {
    const text = { name: this.name, state: words[this.state], sentence: this.sentence };
    for (const [part, said] of Object.entries(text)) {
      this.element.querySelector(`.${part}`).textContent = said;
    }
    this.element.dataset.state = this.state;
    this.button.textContent = this.photoId ? words.remove : words.dismiss;
    this.button.ariaLabel = `${this.button.textContent}: ${this.name}`;
    this.button.hidden = this.isBusy;
    for (const image of this.picture.children) image.alt = this.alt(words);
  }

  alt(words) {
    return `${words.photo}: ${this.name}`;
  }

  /** The picture's place before the picture is there. */
  shape({ width, height, dominantColour }) {
    if (width && height) this.picture.style.aspectRatio = `${width} / ${height}`;
    if (dominantColour) this.picture.style.backgroundColor = dominantColour;
  }
}
