// Subscribes this browser to push messages. Nothing is asked before the button is pressed.
const form = document.querySelector('[data-push]')
const button = form.querySelector('button')

// Shows one of the page's sentences, and the button where pressing it may help.
function say(name) {
  for (const p of form.querySelectorAll('[data-say]')) p.hidden = p.dataset.say !== name
  button.hidden = !['ready', 'dismissed', 'failed'].includes(name)
}

const able = 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window
// An iPad calls itself a Mac; no Mac has a screen to touch.
const apple = /iPhone|iPad|iPod/.test(navigator.userAgent) || (navigator.platform === 'MacIntel' && navigator.maxTouchPoints > 1)

async function look() {
  if (!window.isSecureContext) return say('insecure')
  if (!able) return say(apple ? 'home' : 'unable')
  if (Notification.permission === 'denied') return say('denied')
  const worker = await navigator.serviceWorker.getRegistration('/')
  const kept = await worker?.pushManager.getSubscription()
  if (!('pushOn' in form.dataset)) return say('ready')
  if (kept) return say('on')
  // The browser dropped its subscription since: the hub gets another, without asking again.
  return Notification.permission === 'granted' ? turnOn().catch(() => say('failed')) : say('ready')
}

// The subscription goes to the hub as an ordinary form.
async function turnOn() {
  const answer = await Notification.requestPermission()
  if (answer !== 'granted') return say(answer === 'denied' ? 'denied' : 'dismissed')
  await navigator.serviceWorker.register('/sw.js')
  const { pushManager } = await navigator.serviceWorker.ready
  // One made for somebody else, or with a former key of the hub, is not to live on.
  await (await pushManager.getSubscription())?.unsubscribe()
  const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: form.dataset.push })
  const { endpoint, keys } = made.toJSON()
  for (const [name, value] of Object.entries({ endpoint, ...keys })) {
    const input = form.elements.namedItem(name)
    if (input) input.value = value
  }
  form.submit()
}

button.addEventListener('click', async () => {
  button.disabled = true
  await turnOn().catch(() => say('failed'))
  button.disabled = false
})

look().catch(() => say('unable'))
