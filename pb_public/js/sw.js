// Shows what the hub pushes and opens the page it speaks of.
addEventListener('install', () => skipWaiting())

const { origin } = location

// Only pages of this hub are opened, whatever a notice says.
function local(path) {
  const url = new URL(path ?? '/', origin)
  return url.origin === origin ? url.href : `${origin}/`
}

function read(data) {
  try {
    return data.json()
  } catch {
    return {} // every push is to show a notice
  }
}

addEventListener('push', (event) => {
  const { title = 'Simpul Lima', body = '', url, tag } = read(event.data)
  event.waitUntil(registration.showNotification(title, { body, tag, icon: '/assets/sw/img/icon-192.png', data: { url } }))
})

async function show(url) {
  const windows = await clients.matchAll({ type: 'window', includeUncontrolled: true })
  const there = windows.find((open) => open.url === url)
  return there ? there.focus() : clients.openWindow(url)
}

addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(show(local(event.notification.data?.url)))
})

// The push service gives another address or none. This script's own address holds the hub's key.
async function move({ oldSubscription: old, newSubscription: made }) {
  const options = old?.options ?? { userVisibleOnly: true, applicationServerKey: location.search.slice(1) }
  made ??= await registration.pushManager.subscribe(options).catch(() => {})
  const body = new URLSearchParams({ before: old?.endpoint, endpoint: made?.endpoint, ...made?.toJSON().keys })
  await fetch('/devices/moved', { method: 'POST', body })
}

addEventListener('pushsubscriptionchange', (event) => event.waitUntil(move(event)))
