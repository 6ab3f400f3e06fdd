/* Logging in again, in another tab, makes the CSRF token of this page stale. Fetch a page that shows nothing of
   anybody, take the token out of it, and the forms here can be sent as they stand. False: still logged out. */
export async function renewToken(address) {
  const answer = await fetch(address, { credentials: "same-origin", redirect: "manual" });
  if (!answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (!token) return false;
  document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => { field.value = token; });
  return true;
}
