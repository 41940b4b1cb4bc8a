/* A passkey answers for the text on this page: its challenge is made of that text. Without script a code does it. */
const box = document.querySelector("[data-passkey]");
const form = document.getElementById("sign-form");

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const words = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

async function answer() {
  const asked = JSON.parse(box.dataset.passkey).publicKey;
  asked.challenge = bytes(asked.challenge);
  for (const one of asked.allowCredentials ?? []) one.id = bytes(one.id);
  const given = await navigator.credentials.get({ publicKey: asked });
  const { clientDataJSON, authenticatorData, signature, userHandle } = given.response;
  return JSON.stringify({
    id: given.id,
    rawId: words(given.rawId),
    type: given.type,
    clientExtensionResults: given.getClientExtensionResults(),
    response: {
      clientDataJSON: words(clientDataJSON),
      authenticatorData: words(authenticatorData),
      signature: words(signature),
      userHandle: userHandle ? words(userHandle) : null,
    },
  });
}

if (box && form && window.PublicKeyCredential) {
  box.hidden = false;
  box.querySelector("[data-sign]").addEventListener("click", async (click) => {
    click.target.disabled = true;
    try {
      form.elements.passkey.value = await answer();
      form.requestSubmit();
    } catch {
      box.querySelector("[data-said]").textContent = "The passkey did not answer. Try again, or use a code.";
      click.target.disabled = false;
    }
  });
}
