// Forms with `data-passkey`: "create" has the browser make a passkey, "get" sign with one, by the options in
// `data-options`; what it answers goes into the form's field `credential`, and the form is sent. What can go wrong is
// said by the server, or by the element with `data-passkey-trouble`.
const decode = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const encode = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function options(form) {
  const read = JSON.parse(form.dataset.options);
  read.challenge = decode(read.challenge);
  if (read.user) read.user.id = decode(read.user.id);
  for (const list of [read.excludeCredentials, read.allowCredentials]) {
    for (const each of list ?? []) each.id = decode(each.id);
  }
  return { publicKey: read };
}

function asJson(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = encode(credential.response[name]);
  }
  return JSON.stringify({ id: credential.id, rawId: encode(credential.rawId), type: credential.type, response });
}

function ready(form) {
  const trouble = form.querySelector("[data-passkey-trouble]");
  form.querySelector("button").disabled = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    trouble.hidden = true;
    try {
      const credential = await navigator.credentials[form.dataset.passkey](options(form));
      form.elements.credential.value = asJson(credential);
      form.submit();
    } catch {
      trouble.hidden = false;
    }
  });
}

if (window.PublicKeyCredential) document.querySelectorAll("form[data-passkey]").forEach(ready);
