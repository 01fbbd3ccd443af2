// Draws with mouse, finger or pen, takes dropped pictures, and tells the server while it goes on.
const board = element.querySelector("canvas");
const chooser = element.querySelector("input");
const pen = board.getContext("2d");
const PAUSE = 120; // milliseconds between two predictions within a stroke
let from = null;
let told = 0;

function wipe() {
  pen.fillStyle = board.dataset.paper;
  pen.fillRect(0, 0, board.width, board.height);
}

function tell(picture) {
  told = performance.now();
  // The value, not the event: what waits for an answer is sent with the value of then.
  props.value = picture;
  trigger("drawn");
}

function place(event) {
  const frame = board.getBoundingClientRect();
  const x = ((event.clientX - frame.left) / frame.width) * board.width;
  const y = ((event.clientY - frame.top) / frame.height) * board.height;
  return [x, y];
}

function draw(event) {
  const to = place(event);
  pen.beginPath();
  pen.moveTo(...from);
  pen.lineTo(...to);
  pen.stroke();
  from = to;
}

function take(file) {
  const reader = new FileReader();
  reader.onload = () => {
    tell(reader.result);
    const picture = new Image();
    picture.onload = () => {
      wipe();
      const scale = Math.min(board.width / picture.width, board.height / picture.height);
      const [width, height] = [picture.width * scale, picture.height * scale];
      const [left, top] = [(board.width - width) / 2, (board.height - height) / 2];
      pen.drawImage(picture, left, top, width, height);
    };
    picture.src = reader.result;
  };
  reader.readAsDataURL(file);
}

board.addEventListener("pointerdown", (event) => {
  if (event.button) return;
  event.preventDefault();
  board.setPointerCapture(event.pointerId);
  from = place(event);
  draw(event);
});
board.addEventListener("pointermove", (event) => {
  if (!from) return;
  for (const step of event.getCoalescedEvents?.() ?? [event]) draw(step);
  if (performance.now() - told > PAUSE) tell(board.toDataURL());
});
for (const end of ["pointerup", "pointercancel"]) {
  board.addEventListener(end, () => {
    if (from) tell(board.toDataURL());
    from = null;
  });
}

element.querySelector("button").addEventListener("click", () => {
  wipe();
  tell(null);
});
chooser.addEventListener("change", () => {
  if (chooser.files.length) take(chooser.files[0]);
  chooser.value = "";
});
element.addEventListener("dragover", (event) => event.preventDefault());
element.addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer.files.length) take(event.dataTransfer.files[0]);
});

pen.lineWidth = Math.max(board.width, board.height) / 14;
pen.lineCap = pen.lineJoin = "round";
pen.strokeStyle = board.dataset.ink;
wipe();
