// The service's own API; a refusal is thrown with its code, its sentence and what to do next.

export class Problem extends Error {
  constructor(body) {
    super(body.detail ? `${body.title} ${body.detail}` : body.title);
    Object.assign(this, body);
  }
}

const OUT_OF_REACH = {
  code: "hors_ligne",
  title: "Le service ne répond pas.",
  next_step: "Vos saisies restent à l'écran ; réessayez dans un instant.",
  retryable: true,
};

export async function call(method, path, body, options = {}) {
  let answer;
  try {
    answer = await fetch(`/api/v1${path}`, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      ...options,
    });
  } catch {
    throw new Problem(OUT_OF_REACH);
  }
  if (answer.status === 204) return null;
  const told = await answer.json().catch(() => OUT_OF_REACH);
  if (!answer.ok) throw new Problem({ status: answer.status, ...told });
  return told;
}

export const pageUrl = (id, n) => `/api/v1/documents/${id}/pages/${n}`;

/** A page as a decoded <img>, kept by the caller: answers are never cached, the element is. */
export async function pageImage(id, n) {
  const image = new Image();
  image.alt = "";
  image.draggable = false;
  image.src = pageUrl(id, n);
  await image.decode();
  return image;
}
