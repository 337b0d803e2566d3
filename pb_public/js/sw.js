// Shows push messages of the hub and opens the page they link to.
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

// The hub does not know a subscription that replaces another. Without it, the settings page subscribes anew on the next visit.
addEventListener('pushsubscriptionchange', (event) => event.waitUntil(event.newSubscription?.unsubscribe()))
