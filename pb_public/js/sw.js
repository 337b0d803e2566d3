// Shows what the hub pushes and opens the page it speaks of. Keeps nothing, serves nothing.
self.addEventListener('install', () => self.skipWaiting())

const home = `${self.location.origin}/`

// Only pages of this hub are opened, whatever a notice says.
function local(path) {
  const url = new URL(path ?? '/', home)
  return url.origin === self.location.origin ? url.href : home
}

function read(data) {
  try {
    return data.json()
  } catch {
    return {} // browsers want to see a notice for every push
  }
}

self.addEventListener('push', (event) => {
  const { title = 'Simpul Lima', body = '', url, tag } = read(event.data)
  event.waitUntil(self.registration.showNotification(title, { body, tag, icon: '/assets/sw/img/icon-192.png', data: { url } }))
})

async function show(url) {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const there = windows.find((open) => open.url === url)
  return there ? there.focus() : self.clients.openWindow(url)
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(show(local(event.notification.data?.url)))
})
