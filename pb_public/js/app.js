// Small helps on top of pages that work without them. No build step, no dependency.
import { all, forgetSent, keepDrafts, rememberSent } from './drafts.js'

const language = document.documentElement.lang

// Says something to everyone, also to those who listen instead of look. It goes
// after eight seconds, but never from under a finger that is about to press undo.
let hush
function say(...nodes) {
  const toast = document.querySelector('[data-toast]')
  toast.replaceChildren(...nodes)
  clearTimeout(hush)
  hush = setTimeout(() => {
    if (toast.matches(':hover, :focus-within')) say(...toast.childNodes)
    else toast.replaceChildren()
  }, 8000)
}

function showOffline() {
  for (const strip of all('[data-offline]')) strip.hidden = navigator.onLine
}

// 1500000 becomes 1.500.000; "1,5 juta" is left for the server to read.
function groupRupiah(input) {
  if (!/^\s*(rp)?[\d.\s]+$/i.test(input.value)) return
  const digits = input.value.replace(/\D/g, '')
  if (digits) input.value = Number(digits).toLocaleString('id-ID')
}

// Browsers write dates in their own order; the words leave no doubt.
function writeDay(input) {
  const words = input.parentElement.querySelector('[data-day-words]')
  if (!words) return
  const say = (style) => new Date(input.value).toLocaleDateString(language === 'en' ? 'en-GB' : language, { ...style, timeZone: 'UTC' })
  words.value = input.value ? `${say({ weekday: 'long' })}, ${say({ day: 'numeric', month: 'long', year: 'numeric' })}` : ''
}

function nameFile(input) {
  const label = input.parentElement.querySelector('[data-file-name]')
  if (label && input.files.length) label.textContent = input.files[0].name
}

// The units on offer follow the kind: only the group of that name stays.
function suit(form) {
  const [kind, unit] = form.dataset.suit.split(' ').map((name) => form.elements[name])
  const chosen = [...kind].find((card) => card.checked)
  if (!chosen) return
  const name = chosen.closest('label').textContent.trim()
  const was = unit.value
  for (const group of all('optgroup', unit)) group.hidden = group.disabled = group.label !== name
  const fitting = all('optgroup:not([disabled]) option', unit)
  const kept = fitting.find((option) => option.value === was) ?? (fitting.length === 1 ? fitting[0] : unit.options[0])
  kept.selected = true
}

// Sends a form as the browser itself would and reads the page that answers.
async function post(url, form) {
  const typed = new FormData(form)
  const body = form.enctype === 'multipart/form-data' ? typed : new URLSearchParams(typed)
  const answer = await fetch(url, { method: 'POST', body })
  if (!answer.ok) throw new Error(String(answer.status))
  return new DOMParser().parseFromString(await answer.text(), 'text/html')
}

// Ticks a task in place. The row comes from the page the server answers with,
// so what is shown is what is stored; any trouble ends in an ordinary submit.
async function tick(form) {
  const row = document.getElementById(form.dataset.tick)
  try {
    const page = await post(form.action, form)
    const fresh = page.getElementById(row.id)
    if (fresh) row.replaceWith(fresh)
    else turn(row, form)
    document.querySelector(`#${row.id} .tick`)?.focus()
    say(...(page.querySelector('[data-flash]')?.childNodes ?? []))
  } catch {
    form.submit()
  }
}

function turn(row, form) {
  const done = row.classList.toggle('done')
  form.elements.namedItem('state').value = done ? 'todo' : 'done'
  row.querySelector('.tick').setAttribute('aria-pressed', String(done))
}

// What the server refuses it says on the page it answers with; to somebody whose
// session has ended, that is the sign-in page.
function sendTo(url, form) {
  form.action = url
  form.submit()
}

async function preview(button) {
  button.setAttribute('aria-busy', 'true')
  try {
    const page = await post(button.formAction, button.form)
    const target = document.getElementById('preview')
    target.replaceChildren(...(page.getElementById('preview') ?? page.body).childNodes)
    target.focus()
  } catch (error) {
    if (['401', '422'].includes(error.message)) sendTo(button.formAction, button.form)
    else showOffline()
  } finally {
    button.removeAttribute('aria-busy')
  }
}

// A second press within eight seconds is taken for impatience. Nothing is
// disabled for good: after that, or on coming back, the button works again.
const busy = new Map()

function release(form) {
  busy.get(form)?.removeAttribute('aria-busy')
  busy.delete(form)
}

document.addEventListener('submit', (event) => {
  const form = event.target
  if (form.getAttribute('method') !== 'post') return
  if (busy.has(form) || !navigator.onLine) {
    event.preventDefault()
    if (!navigator.onLine) say(document.querySelector('[data-offline]').textContent.trim())
    return
  }
  const button = event.submitter ?? form
  busy.set(form, button)
  button.setAttribute('aria-busy', 'true')
  setTimeout(release, 8000, form)
  if (form.dataset.tick) {
    event.preventDefault()
    tick(form).finally(() => release(form))
    return
  }
  rememberSent(form)
})

document.addEventListener('click', (event) => {
  const target = event.target.closest('[data-preview], [data-share], [data-print], [data-copy]')
  if (!target) return
  if (target.matches('[data-preview]')) {
    event.preventDefault()
    preview(target)
  } else if (target.matches('[data-print]')) {
    print()
  } else if (target.matches('[data-copy]')) {
    navigator.clipboard?.writeText(target.dataset.copy).then(() => say(target.dataset.copied))
  } else if (navigator.share) {
    event.preventDefault()
    const url = target.dataset.url && new URL(target.dataset.url, location).href
    navigator.share({ text: target.dataset.text, url }).catch(() => {})
  }
})

document.addEventListener('focusout', (event) => {
  if (event.target.matches?.('[data-money]')) groupRupiah(event.target)
})

document.addEventListener('change', (event) => {
  if (event.target.type === 'date') writeDay(event.target)
  if (event.target.type === 'file') nameFile(event.target)
  if (event.target.type === 'radio' && event.target.form?.dataset.suit) suit(event.target.form)
})

// On a phone the present tab may stand outside the strip of tabs.
function showPresent(tab) {
  const strip = tab.parentElement
  strip.scrollLeft = tab.offsetLeft - strip.offsetLeft - (strip.clientWidth - tab.offsetWidth) / 2
}

addEventListener('offline', showOffline)
addEventListener('online', showOffline)
addEventListener('pageshow', () => [...busy.keys()].forEach(release))

forgetSent()
keepDrafts()
all('[data-suit]').forEach(suit)
showOffline()
all('input[type=date]').forEach(writeDay)
all('.subnav [aria-current], .filters [aria-current]').forEach(showPresent)
for (const button of all('[data-print], [data-copy]')) button.hidden = false
document.querySelector('[data-focus]')?.focus()
