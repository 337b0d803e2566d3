// What is typed but not sent stays in this browser, for this person and this form,
// until the server has said that it arrived.
export const all = (selector, root = document) => [...root.querySelectorAll(selector)]
const skipped = ['hidden', 'password', 'file', 'checkbox', 'submit', 'button']

// A browser may forbid storage; then there are simply no drafts.
function stored(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? {}
  } catch {
    return {}
  }
}

function store(key, draft) {
  try {
    if (Object.keys(draft).length) localStorage.setItem(key, JSON.stringify(draft))
    else localStorage.removeItem(key)
  } catch { /* full or forbidden: the page still works */ }
}

function keyOf(form) {
  return `draft:${document.body.dataset.person}:${form.getAttribute('action')}`
}

function namesOf(form) {
  const controls = form.matches('[data-draft]') ? [...form.elements] : all('[data-draft]', form)
  const kept = controls.filter((one) => one.name && !skipped.includes(one.type))
  return [...new Set(kept.map((one) => one.name))]
}

// Not elements[name]: a field called "item" would find the collection's own method.
function control(form, name) {
  return form.elements.namedItem(name)
}

// Each entry holds what stood there before and what was typed, so that a text
// someone else has changed meanwhile is never overwritten by an old draft.
function putBack(form, draft, before) {
  const names = Object.keys(draft).filter((name) => before[name] === draft[name].was)
  for (const name of names) control(form, name).value = draft[name].now
  return names.length > 0
}

function keep(form) {
  const names = namesOf(form)
  if (!names.length || !document.body.dataset.person) return
  const key = keyOf(form)
  const before = Object.fromEntries(names.map((name) => [name, control(form, name).value]))
  const refused = form.querySelector('.problems') // the server sent back what was typed
  const note = form.querySelector('[data-draft-note]')
  if (!refused && putBack(form, stored(key), before)) {
    if (note) note.hidden = false
    sendAsBefore(form, key)
  }

  form.addEventListener('input', () => {
    const old = stored(key)
    const changed = names.filter((name) => control(form, name).value !== before[name] || old[name])
    store(key, Object.fromEntries(changed.map((name) =>
      [name, { was: old[name]?.was ?? before[name], now: control(form, name).value }])))
  })
  note?.querySelector('[data-draft-drop]')?.addEventListener('click', () => {
    store(key, {})
    for (const name of names) control(form, name).value = before[name]
    note.hidden = true
    control(form, names[0]).focus?.()
  })
}

// Sent before and never answered: it may have arrived. Under its old key it still
// makes one record; once something is changed it is a new entry with a new key.
function sendAsBefore(form, key) {
  const once = control(form, 'once')
  if (!once || sessionStorage.getItem('sent') !== key) return
  const fresh = once.value
  once.value = sessionStorage.getItem('once')
  form.addEventListener('input', () => { once.value = fresh })
}

export function keepDrafts() {
  for (const form of all('form[method=post]')) keep(form)
}

export function rememberSent(form) {
  try {
    sessionStorage.setItem('sent', keyOf(form))
    sessionStorage.setItem('once', control(form, 'once')?.value ?? '')
  } catch { /* forbidden: the draft stays until it is dropped by hand */ }
}

// A message of success after sending means that the draft has arrived.
export function forgetSent() {
  if (!document.querySelector('[data-flash=ok]')) return
  try {
    localStorage.removeItem(sessionStorage.getItem('sent'))
    sessionStorage.removeItem('sent')
  } catch { /* forbidden: there was no draft */ }
}
