{% load static %}// Keeps the help page and what it wears, and no page that is hers. A new version of this file replaces the old cache.
const KEPT = "help-2";
const FILES = ["/help", "{% static 'look/icons.svg' %}", "{% static 'look/leave.js' %}", "{% static 'look/said.js' %}", "{% static 'portal/offline.js' %}"];
self.addEventListener("install", (event) => event.waitUntil(caches.open(KEPT).then((kept) => Promise.all(FILES.map((file) => fetch(file, { credentials: "omit" }).then((answer) => answer.ok && kept.put(file, answer)))))));
self.addEventListener("activate", (event) => event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name))))));
self.addEventListener("fetch", (event) => {
  const path = new URL(event.request.url).pathname;
  if (event.request.method !== "GET" || !FILES.includes(path)) return;
  event.respondWith(fetch(event.request).catch(() => caches.match(path)));
});
