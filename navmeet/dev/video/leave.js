/* As the platform's own page does: who closes the tab or goes elsewhere has left. A page that comes back is asked anew. */
const { leaves } = document.currentScript.dataset;
addEventListener("pagehide", () => navigator.sendBeacon(leaves));
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
