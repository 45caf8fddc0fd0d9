// The keys of the tablet.
//   the device's key (P-256) signs every request; it was made here, and cannot leave the browser
//   the box's key (AES) covers the marks that wait: they hold numbers only, and must leave while the tablet is locked
//   the data's key (AES) covers names, classes and diets; it comes from the server to who gives the right PIN, and is kept
//   wrapped by each person's PIN, so that the list opens on mornings without network too

const ROUNDS = 600_000; // PBKDF2 with SHA-256: OWASP Password Storage Cheat Sheet
const ECDSA = { name: "ECDSA", namedCurve: "P-256" };
const letters = new TextEncoder();

export function base64url(bytes) {
  const text = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function bytesOf(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}

export async function newDeviceKey() {
  const pair = await crypto.subtle.generateKey(ECDSA, false, ["sign", "verify"]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  return { secret: pair.privateKey, shown: { kty, crv, x, y } };
}

export function newBoxKey() {
  return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

// The proof of a request: a JWS (ES256) as the server's description asks for it.
export async function proof(device, claims, body) {
  const digest = await crypto.subtle.digest("SHA-256", letters.encode(body));
  const head = base64url(letters.encode(JSON.stringify({ alg: "ES256", kid: String(device.device_id) })));
  const said = base64url(letters.encode(JSON.stringify({ ...claims, bh: base64url(digest) })));
  const signed = await crypto.subtle.sign(
    { name: "ECDSA", hash: "SHA-256" }, device.secret, letters.encode(`${head}.${said}`));
  return `${head}.${said}.${base64url(signed)}`;
}

export async function seal(key, value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, letters.encode(JSON.stringify(value)));
  return { iv, sealed };
}

export async function unseal(key, { iv, sealed }) {
  const bytes = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, sealed);
  return JSON.parse(new TextDecoder().decode(bytes));
}

export function dataKey(text) {
  return crypto.subtle.importKey("raw", bytesOf(text), "AES-GCM", false, ["encrypt", "decrypt"]);
}

// Keep the data's key behind a PIN.
export async function wrap(pin, text) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  return { salt, rounds: ROUNDS, ...(await seal(await keyOf(pin, salt, ROUNDS), text)) };
}

// Give the data's key, or null when the PIN is another.
export async function unwrap(pin, wrapped) {
  try {
    return await dataKey(await unseal(await keyOf(pin, wrapped.salt, wrapped.rounds), wrapped));
  } catch {
    return null;
  }
}

async function keyOf(pin, salt, rounds) {
  const typed = await crypto.subtle.importKey("raw", letters.encode(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return crypto.subtle.deriveKey(how, typed, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}
