// Passkeys: asks the centre what is to be signed, has the browser's authenticator sign it, sends the answer as a form.

const asBytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const asText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const keys = (list) => (list || []).map((one) => ({ ...one, id: asBytes(one.id) }));

async function signIn(options) {
  const publicKey = { ...options, challenge: asBytes(options.challenge), allowCredentials: keys(options.allowCredentials) };
  const { id, type, response } = await navigator.credentials.get({ publicKey });
  return {
    id,
    rawId: id,
    type,
    clientExtensionResults: {},
    response: {
      clientDataJSON: asText(response.clientDataJSON),
      authenticatorData: asText(response.authenticatorData),
      signature: asText(response.signature),
      userHandle: response.userHandle ? asText(response.userHandle) : null,
    },
  };
}

async function enrol(options) {
  const publicKey = {
    ...options,
    challenge: asBytes(options.challenge),
    user: { ...options.user, id: asBytes(options.user.id) },
    excludeCredentials: keys(options.excludeCredentials),
  };
  const { id, type, response } = await navigator.credentials.create({ publicKey });
  return {
    id,
    rawId: id,
    type,
    clientExtensionResults: {},
    response: { clientDataJSON: asText(response.clientDataJSON), attestationObject: asText(response.attestationObject) },
  };
}

async function ceremony(form) {
  const begun = await fetch(`${form.getAttribute("action")}/begin`, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
  });
  if (!begun.ok) throw new Error(`begin: ${begun.status}`);
  const { attempt, options } = await begun.json();
  const answer = await (form.dataset.passkey === "enrol" ? enrol : signIn)(options);
  form.elements.attempt.value = attempt;
  form.elements.answer.value = JSON.stringify(answer);
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const fault = form.querySelector("[data-passkey-fault]");
    fault.hidden = true;
    ceremony(form).catch(() => {
      fault.hidden = false;
    });
  });
}
