// Reads a part of the page aloud, with a voice of this device alone: other voices would send the words to another host.
// The button stays hidden where there is no such voice. That the words were read is kept with the form they belong to.

function ownVoice() {
  const voices = window.speechSynthesis.getVoices().filter((voice) => voice.localService);
  return voices.find((voice) => /^en-GB/i.test(voice.lang)) || voices.find((voice) => /^en/i.test(voice.lang));
}

function words(selector) {
  const parts = [...document.querySelectorAll(selector)];
  return parts.map((part) => part.innerText).join("\n").split(/\n+/).filter((line) => line.trim());
}

function start(button, say) {
  const lines = words(button.dataset.aloud);
  lines.forEach((line, index) => {
    const spoken = new SpeechSynthesisUtterance(line);
    spoken.lang = "en-GB";
    spoken.voice = ownVoice();
    if (index === lines.length - 1) spoken.onend = () => say(false);
    window.speechSynthesis.speak(spoken);
  });
  for (const field of document.querySelectorAll("[data-aloud-format]")) field.value = field.dataset.aloudFormat;
}

export function readAloud() {
  if (!("speechSynthesis" in window)) return;
  const buttons = [...document.querySelectorAll("[data-aloud]")];
  const show = () => buttons.forEach((button) => (button.hidden = !ownVoice()));
  for (const button of buttons) {
    const label = [...button.childNodes];
    let reading = false;
    const say = (on) => {
      reading = on;
      button.replaceChildren(...(on ? [button.dataset.stop] : label));
    };
    button.addEventListener("click", () => {
      window.speechSynthesis.cancel();
      if (reading) return say(false);
      say(true);
      start(button, say);
    });
  }
  if (!buttons.length) return;
  show();
  window.speechSynthesis.addEventListener?.("voiceschanged", show);
  window.addEventListener("pagehide", () => window.speechSynthesis.cancel());
}
