// Drawing and recording on a page that says what somebody thinks. What comes of it is put into the form's own file
// field, so it is sent, checked and kept as any file is; without scripts that field alone is there.

const LONGEST_MS = 5 * 60 * 1000;
const KINDS = [
  ["audio/webm;codecs=opus", "webm"],
  ["audio/mp4", "m4a"],
  ["audio/ogg;codecs=opus", "ogg"],
];

function choose(field, blob, name) {
  const files = new DataTransfer();
  files.items.add(new File([blob], name, { type: blob.type }));
  field.files = files.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function leave(field) {
  field.value = "";
}

function draw(part) {
  const field = document.getElementById(part.dataset.draw);
  const page = part.querySelector("canvas");
  const state = part.querySelector("[data-state]");
  const pen = page.getContext("2d");
  let colour = "#21302f";
  let from = null;

  const clear = () => {
    pen.fillStyle = "#ffffff";
    pen.fillRect(0, 0, page.width, page.height);
  };
  const at = (event) => {
    const box = page.getBoundingClientRect();
    return [((event.clientX - box.left) * page.width) / box.width, ((event.clientY - box.top) * page.height) / box.height];
  };
  const line = (to) => {
    pen.strokeStyle = colour;
    pen.lineWidth = 9;
    pen.lineCap = "round";
    pen.beginPath();
    pen.moveTo(...from);
    pen.lineTo(...to);
    pen.stroke();
    from = to;
  };
  const keep = () => {
    if (!from) return;
    from = null;
    page.toBlob((blob) => {
      if (!blob) return;
      choose(field, blob, "drawing.png");
      state.textContent = part.dataset.done;
    }, "image/png");
  };
  clear();
  page.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    page.setPointerCapture(event.pointerId);
    from = at(event);
    line(from);
  });
  page.addEventListener("pointermove", (event) => {
    if (from) line(at(event));
  });
  for (const end of ["pointerup", "pointercancel"]) page.addEventListener(end, keep);
  part.querySelector("[data-clear]").addEventListener("click", () => {
    clear();
    leave(field);
    state.textContent = part.dataset.none;
  });
  const colours = [...part.querySelectorAll("[data-colour]")];
  for (const one of colours) {
    one.addEventListener("click", () => {
      colour = one.dataset.colour;
      for (const each of colours) each.setAttribute("aria-pressed", String(each === one));
    });
  }
  part.hidden = false;
}

function record(part) {
  const kind = window.MediaRecorder && KINDS.find(([type]) => MediaRecorder.isTypeSupported(type));
  if (!kind || !navigator.mediaDevices?.getUserMedia) return;
  const [type, ending] = kind;
  const field = document.getElementById(part.dataset.record);
  const button = part.querySelector("[data-toggle]");
  const state = part.querySelector("[data-state]");
  const player = part.querySelector("audio");
  const form = part.closest("form");
  let recorder = null;
  let finished = null;

  const done = (stream, parts, long) => {
    for (const track of stream.getTracks()) track.stop();
    const blob = new Blob(parts, { type: type.split(";")[0] });
    choose(field, blob, `recording.${ending}`);
    if (player.src) URL.revokeObjectURL(player.src);
    player.src = URL.createObjectURL(blob);
    player.hidden = false;
    recorder = null;
    button.setAttribute("aria-pressed", "false");
    button.textContent = part.dataset.again;
    state.textContent = long ? part.dataset.long : part.dataset.done;
  };
  const start = async () => {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      state.textContent = part.dataset.refused;
      return;
    }
    const parts = [];
    let long = false;
    recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: 48000 });
    const going = recorder;
    const limit = setTimeout(() => {
      long = true;
      if (going.state !== "inactive") going.stop();
    }, LONGEST_MS);
    going.addEventListener("dataavailable", (event) => parts.push(event.data));
    finished = new Promise((resolve) => {
      going.addEventListener("stop", () => {
        clearTimeout(limit);
        done(stream, parts, long);
        resolve();
      });
    });
    going.start();
    button.setAttribute("aria-pressed", "true");
    button.textContent = part.dataset.stop;
    state.textContent = part.dataset.going;
  };
  let waiting = false;
  button.addEventListener("click", async () => {
    if (recorder) return recorder.stop();
    if (waiting) return;
    waiting = true;
    await start();
    waiting = false;
  });
  // Sent while it still listens: it is finished first, so that nothing is lost.
  form.addEventListener("submit", (event) => {
    if (!recorder) return;
    event.preventDefault();
    event.stopPropagation();
    const pressed = event.submitter;
    recorder.stop();
    finished.then(() => form.requestSubmit(pressed));
  });
  part.hidden = false;
}

export function voice() {
  for (const part of document.querySelectorAll("[data-draw]")) draw(part);
  for (const part of document.querySelectorAll("[data-record]")) record(part);
}
