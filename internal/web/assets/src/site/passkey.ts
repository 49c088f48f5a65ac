// Passkeys: the forms that make and use them show only where the browser knows
// passkeys (the class of that name). What the device answers goes with the form, so that
// what happens then is a page like any other.

export function passkeys(): void {
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void ask(form);
    });
  }
}

async function ask(form: HTMLFormElement): Promise<void> {
  const say = form.querySelector("[data-passkey-say]");
  const button = form.querySelector<HTMLButtonElement>("button");
  if (say) say.textContent = "";
  button?.setAttribute("aria-busy", "true");
  try {
    const begun = await fetch(form.dataset.begin ?? "", { method: "POST" });
    if (!begun.ok) throw new Error(String(begun.status));
    const options = (await begun.json()) as Options;
    const key = form.dataset.passkey === "create" ? await create(options) : await find(options);
    if (!key) throw new Error("no key");
    const field = form.elements.namedItem("answer") as HTMLInputElement;
    field.value = JSON.stringify(written(key as PublicKeyCredential));
    // Signing in has one box for staying signed in, which is the other form's.
    const stay = form.elements.namedItem("stay");
    if (stay instanceof HTMLInputElement && document.querySelector("input[name=stay]:checked")) stay.value = "yes";
    form.submit();
  } catch {
    // The browser tells its user why; to a page it must not.
    if (say) say.textContent = form.dataset.failed ?? "";
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

interface Named {
  id: string;
  type: "public-key";
  transports?: AuthenticatorTransport[];
}

/** What the server sends, bytes as base64url. */
interface Options {
  challenge: string;
  timeout?: number;
  rpId?: string;
  rp?: PublicKeyCredentialRpEntity;
  user?: { id: string; name: string; displayName: string };
  pubKeyCredParams?: PublicKeyCredentialParameters[];
  excludeCredentials?: Named[];
  allowCredentials?: Named[];
  authenticatorSelection?: AuthenticatorSelectionCriteria;
  attestation?: AttestationConveyancePreference;
  userVerification?: UserVerificationRequirement;
}

function create(o: Options): Promise<Credential | null> {
  if (!o.rp || !o.user || !o.pubKeyCredParams) throw new Error("incomplete");
  const publicKey: PublicKeyCredentialCreationOptions = {
    rp: o.rp,
    user: { ...o.user, id: bytes(o.user.id) },
    challenge: bytes(o.challenge),
    pubKeyCredParams: o.pubKeyCredParams,
    excludeCredentials: o.excludeCredentials?.map(named) ?? [],
  };
  if (o.timeout) publicKey.timeout = o.timeout;
  if (o.authenticatorSelection) publicKey.authenticatorSelection = o.authenticatorSelection;
  if (o.attestation) publicKey.attestation = o.attestation;
  return navigator.credentials.create({ publicKey });
}

function find(o: Options): Promise<Credential | null> {
  const publicKey: PublicKeyCredentialRequestOptions = { challenge: bytes(o.challenge), allowCredentials: o.allowCredentials?.map(named) ?? [] };
  if (o.timeout) publicKey.timeout = o.timeout;
  if (o.rpId) publicKey.rpId = o.rpId;
  if (o.userVerification) publicKey.userVerification = o.userVerification;
  return navigator.credentials.get({ publicKey });
}

function named(n: Named): PublicKeyCredentialDescriptor {
  return { ...n, id: bytes(n.id) };
}

/** A key's answer as the server reads it (WebAuthn 3, 5.1: toJSON). */
function written(key: PublicKeyCredential): unknown {
  const r = key.response as Partial<AuthenticatorAttestationResponse & AuthenticatorAssertionResponse> & AuthenticatorResponse;
  const response: Record<string, unknown> = { clientDataJSON: letters(r.clientDataJSON) };
  if (r.attestationObject) response.attestationObject = letters(r.attestationObject);
  if (r.getTransports) response.transports = r.getTransports.call(key.response);
  if (r.authenticatorData) response.authenticatorData = letters(r.authenticatorData);
  if (r.signature) response.signature = letters(r.signature);
  if (r.userHandle) response.userHandle = letters(r.userHandle);
  return {
    id: key.id,
    rawId: letters(key.rawId),
    type: key.type,
    response,
    clientExtensionResults: key.getClientExtensionResults(),
    authenticatorAttachment: key.authenticatorAttachment,
  };
}

function bytes(text: string): ArrayBuffer {
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(binary, (c) => c.charCodeAt(0)).buffer;
}

function letters(data: ArrayBuffer): string {
  const binary = String.fromCharCode(...new Uint8Array(data));
  return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
