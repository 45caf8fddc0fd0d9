// Loads the page again after some seconds, unless somebody is writing, reading an opened part or away.
const seconds = Number(document.currentScript.dataset.seconds)
const busy = () => document.hidden || document.querySelector("input:focus, select:focus, details[open]")
setInterval(() => busy() || location.reload(), seconds * 1000)
