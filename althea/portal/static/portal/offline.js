// The help page stays on her phone, so that it opens without a network.
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js");
