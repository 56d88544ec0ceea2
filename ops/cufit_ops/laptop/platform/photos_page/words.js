/** What the page itself says; sentences about a photo come from the API, in the same language. */
export const WORDS = {
  ko: {
    title: "사진 올리기",
    laptop: "이 노트북 안에서만 열리는 페이지입니다. 사람은 모두 만들어 낸 인물입니다.",
    person: "누구로 로그인할까요?",
    signIn: "로그인",
    signOut: "다른 사람으로",
    choose: "사진 고르기",
    kinds: "JPEG, HEIC, PNG, WebP, AVIF",
    upTo: (megabytes) => `한 장에 ${megabytes} MB까지`,
    photo: "사진",
    none: "아직 사진이 없습니다.",
    UPLOADING: "올리는 중",
    PENDING: "확인하는 중",
    READY: "준비됨",
    REJECTED: "받지 않음",
    FAILED: "올리지 못함",
    uploading: "사진을 올리고 있습니다.",
    checking: "사진이 올라왔고, 확인하고 있습니다.",
    ready: "사진이 준비되었습니다.",
    late: "확인이 오래 걸립니다. 잠시 뒤 페이지를 새로 고쳐 주세요.",
    tooLarge: (megabytes) =>
      `사진은 한 장에 ${megabytes} MB까지 올릴 수 있습니다. 화면에 띄워 캡처한 사진을 올려 주세요.`,
    offline: "연결되지 않습니다. 네트워크를 확인하고 다시 해 보세요. 계속되면 페이지를 새로 고쳐 주세요.",
    unreadable: "파일을 읽을 수 없습니다. 기기에 내려받은 사진을 골라 주세요.",
    remove: "삭제",
    removeQuestion: "이 사진을 삭제할까요? 되돌릴 수 없습니다.",
    removed: "사진을 삭제했습니다.",
    dismiss: "닫기",
  },
  en: {
    title: "Upload photos",
    laptop: "This page opens on this laptop alone. Everybody here is made up.",
    person: "Sign in as",
    signIn: "Sign in",
    signOut: "Somebody else",
    choose: "Choose photos",
    kinds: "JPEG, HEIC, PNG, WebP, AVIF",
    upTo: (megabytes) => `${megabytes} MB each at most`,
    photo: "Photo",
    none: "No photos yet.",
    UPLOADING: "Uploading",
    PENDING: "Being checked",
    READY: "Ready",
    REJECTED: "Not taken",
    FAILED: "Not uploaded",
    uploading: "The photo is being uploaded.",
    checking: "The photo has arrived and is being checked.",
    ready: "The photo is ready.",
    late: "Checking takes long. Reload the page in a moment.",
    tooLarge: (megabytes) =>
      `A photo may have at most ${megabytes} MB. Show it on the screen and upload a screenshot of it.`,
    offline: "There is no connection. Look at your network and try again; if it goes on, reload the page.",
    unreadable: "The file cannot be read. Choose a photo that is stored on this device.",
    remove: "Delete",
    removeQuestion: "Delete this photo? It cannot be undone.",
    removed: "The photo was deleted.",
    dismiss: "Close",
  },
};

/** "ko" or "en": what was chosen here before, else what the browser prefers of the two. */
export function firstLanguage() {
  const chosen = localStorage.getItem("language");
  const wanted = [chosen, ...navigator.languages].map((tag) => tag?.slice(0, 2));
  return wanted.find((tag) => tag in WORDS) ?? "ko";
}
