// Runs inside the root of a Canvas, from an attribute of a hidden image (`this`): it names the
// controls, sends strokes painted on the picture, and draws what passes while a slider is dragged.

const start = (marker, tries) => {
  const root = marker.closest('.painted-canvas-root');
  const field = root?.querySelector('.painted-canvas-stroke input');
  const picture = root?.querySelector('img.painted-canvas');
  const passing = root?.querySelector('.painted-canvas-passing .widget-html-content');
  if (!field || !picture || !passing) return tries && setTimeout(start, 100, marker, tries - 1);
  if (root.dataset.named) return;
  root.dataset.named = 'yes';

  // What a screen reader says.
  const set = (node, name, value) => {
    if (node && value && node.getAttribute(name) !== value) node.setAttribute(name, value);
  };
  const name = () => {
    for (const slider of root.querySelectorAll('.widget-slider')) {
      const label = slider.querySelector('.widget-label');
      const text = label?.title || label?.textContent;
      const handle = slider.querySelector('.noUi-handle');
      set(handle, 'aria-label', text);
      if (slider.nextElementSibling?.matches('.widget-label'))
        set(handle, 'aria-valuetext', slider.nextElementSibling.textContent);
      set(slider.querySelector('.widget-readout'), 'aria-label', text && text + ', as a number');
    }
    for (const captioned of root.querySelectorAll('.captioned'))
      set(captioned.querySelector('img.widget-image'), 'alt',
          captioned.querySelector('.widget-html-content')?.textContent.trim());
    for (const button of root.querySelectorAll('.widget-toggle-button'))
      set(button, 'aria-pressed', String(button.classList.contains('mod-active')));
  };
  name();
  let asked = false;
  new MutationObserver(() => {
    if (!asked) setTimeout(() => { asked = false; name(); }, 200);  // not at each frame of a drag
    asked = true;
  }).observe(root, {childList: true, subtree: true, attributeFilter: ['class']});

  // Strokes, as text into a hidden field: "x y;x y", and " end" when the button is let go.
  root.addEventListener('dragstart', event => event.preventDefault());
  let points = null;
  const add = (event, image) => {
    const box = image.getBoundingClientRect();
    const x = 2 * (event.clientX - box.left) / box.width - 1;
    const y = 1 - 2 * (event.clientY - box.top) / box.height;
    points.push(x.toFixed(3) + ' ' + y.toFixed(3));
  };
  const say = words => {
    field.value = words;
    field.dispatchEvent(new Event('input', {bubbles: true}));
  };
  const send = ending => say(points.join(';') + ending);
  root.addEventListener('pointerdown', event => {
    const image = event.target.closest('img.painted-canvas');
    if (!image || event.button) return;
    event.preventDefault();
    image.setPointerCapture(event.pointerId);
    points = [];
    add(event, image);
    send('');
  });
  root.addEventListener('pointermove', event => {
    const image = event.target.closest('img.painted-canvas');
    if (!points || !image) return;
    add(event, image);
    send('');
  });
  const stop = event => {
    if (points) send(' end');
    points = null;
  };
  root.addEventListener('pointerup', stop);
  root.addEventListener('pointercancel', stop);

  // Copy as Python.
  root.addEventListener('click', event => {
    if (!event.target.closest('.painted-canvas-copy')) return;
    const text = root.querySelector('.painted-canvas-python textarea');
    if (navigator.clipboard) navigator.clipboard.writeText(text.value);
    else { text.select(); document.execCommand('copy'); }
  });

  // Pictures that pass: an image, even a tiny one, is fetched and decoded by other threads and
  // shown 9 ms later, pixels put into a canvas at once. What comes to rest is an image again.
  const canvas = document.createElement('canvas');
  canvas.style = 'position: absolute; pointer-events: none';
  canvas.hidden = true;
  picture.parentNode.style.position = 'relative';
  picture.after(canvas);
  const draw = async () => {
    const [width, coded] = passing.textContent.split(' ');
    if (!coded) {
      await picture.decode().catch(() => {});
      canvas.hidden ||= !passing.textContent;
      return;
    }
    const bytes = atob(coded);
    const image = new ImageData(+width, bytes.length / 3 / width);
    for (let i = 0, j = 0; j < image.data.length; j++)
      image.data[j] = j % 4 == 3 ? 255 : bytes.charCodeAt(i++);
    canvas.width = image.width;
    canvas.height = image.height;
    canvas.getContext('2d').putImageData(image, 0, 0);
    for (const side of ['Left', 'Top', 'Width', 'Height'])
      canvas.style[side.toLowerCase()] = picture['offset' + side] + 'px';
    canvas.hidden = false;
  };
  new MutationObserver(draw).observe(passing, {childList: true});
  draw();
  say('draws');
};
start(this, 50);
