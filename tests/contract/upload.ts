import type { components, paths } from "./api";

type Operation = paths["/v1/photos"]["post"];
type Body = Operation["requestBody"]["content"]["application/json"];
type Issued = Operation["responses"][201]["content"]["application/json"];
type Problem = components["schemas"]["Problem"];

/** Uploads `file`; the photo's id, or a sentence for its owner. */
export async function upload(api: string, token: string, file: File): Promise<{ photoId: string } | string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  const body: Body = {
    contentType: (file.type || "application/octet-stream") as Body["contentType"],
    contentLength: file.size,
    sha256: btoa(String.fromCharCode(...digest)),
  };
  const asked = await fetch(`${api}/v1/photos`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!asked.ok) return ((await asked.json()) as Problem).detail;
  const { photoId, upload }: Issued = await asked.json();
  const put = await fetch(upload.url, { method: upload.method, headers: upload.headers, body: file });
  if (put.ok) return { photoId };
  const code = /<Code>(\w+)<\/Code>/.exec(await put.text())?.[1];
  const known = upload.refusals.find((refusal) => refusal.code === code);
  const other = upload.refusals.find((refusal) => refusal.code === "InternalError");
  return (known ?? other)?.message ?? "";
}
