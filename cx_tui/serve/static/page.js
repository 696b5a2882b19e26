// A terminal whose other end is the program: keys go there as bytes, and what it draws comes back as bytes.
import { Terminal } from "/xterm.mjs";
import { FitAddon } from "/addon-fit.mjs";

const CLIPBOARD = 52;
const LONGEST_WAIT = 10_000;

const terminal = new Terminal({
  allowProposedApi: false,
  cursorBlink: false,
  fontFamily: '"JetBrains Mono", "DejaVu Sans Mono", Menlo, Consolas, "Liberation Mono", monospace',
  fontSize: 15,
  macOptionIsMeta: true,
  scrollback: 0,
  theme: { background: "#121212", foreground: "#d5dae0" },
});
const fit = new FitAddon();
const notice = document.getElementById("notice");
const again = notice.querySelector("button");
const encoder = new TextEncoder();

let socket = null;
let wait = 500;

function say(sentence, offersAgain) {
  notice.querySelector("p").textContent = sentence;
  again.hidden = !offersAgain;
  notice.hidden = !sentence;
}

// What the program copies goes to this machine's clipboard; the newer way needs HTTPS or this machine.
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.body.appendChild(document.createElement("textarea"));
    area.value = text;
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    terminal.focus();
    if (!copied) say("The browser did not let this page copy. Press y again, or allow it to use the clipboard.");
  }
}

function heardCopy(data) {
  const coded = data.slice(data.indexOf(";") + 1);
  if (coded !== "?") {
    copy(new TextDecoder().decode(Uint8Array.from(atob(coded), (sign) => sign.codePointAt(0))));
  }
  return true;
}

function send(what) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(what);
}

function sayHello() {
  const session = sessionStorage.getItem("session") ?? "";
  send(JSON.stringify({ session, columns: terminal.cols, lines: terminal.rows }));
}

function told(message) {
  const said = JSON.parse(message);
  if (said.session) {
    sessionStorage.setItem("session", said.session);
    wait = 500;
    say("");
  }
  if (said.over) over(said.over);
}

function over(why) {
  socket.onclose = null;
  if (why === "taken") {
    say("This program is now shown by another page.", true);
  } else if (why.startsWith("ended")) {
    sessionStorage.removeItem("session");
    say(why === "ended 0" ? "The program has been left." : `The program has ended (${why.slice(6)}).`, true);
  } else {
    say(`${why[0].toUpperCase()}${why.slice(1)}.`, true);
  }
  again.focus();
}

function connect() {
  const secure = location.protocol === "https:" ? "wss" : "ws";
  socket = new WebSocket(`${secure}://${location.host}/terminal`);
  socket.binaryType = "arraybuffer";
  socket.onopen = sayHello;
  socket.onmessage = ({ data }) => (typeof data === "string" ? told(data) : terminal.write(new Uint8Array(data)));
  socket.onclose = () => {
    say("The connection is lost; trying again. Nothing that was typed is lost.");
    setTimeout(connect, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  };
}

terminal.loadAddon(fit);
terminal.open(document.getElementById("terminal"));
terminal.parser.registerOscHandler(CLIPBOARD, heardCopy);
// The browser's own paste: it asks nobody for leave, and the program is told that it is one.
terminal.attachCustomKeyEventHandler((event) => !(event.ctrlKey && !event.altKey && event.key.toLowerCase() === "v"));
terminal.onData((text) => send(encoder.encode(text)));
terminal.onBinary((text) => send(Uint8Array.from(text, (sign) => sign.charCodeAt(0))));
terminal.onResize(({ cols, rows }) => send(JSON.stringify({ columns: cols, lines: rows })));
new ResizeObserver(() => fit.fit()).observe(document.getElementById("terminal"));
again.onclick = () => {
  say("");
  terminal.reset();
  connect();
  terminal.focus();
};
fit.fit();
terminal.focus();
connect();
