// Hands the token to this server once, which keeps it in a cookie that no script can read; an empty token
// has the cookie dropped.

let kept;

export default function ({ data }) {
  if (data.token === kept) return;
  kept = data.token;
  const request = data.token
    ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ token: data.token }) }
    : { method: "DELETE" };
  fetch(data.path, { ...request, credentials: "same-origin" }).catch(() => { kept = undefined; });
}
