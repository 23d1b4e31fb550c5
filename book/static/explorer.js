/* Explorers: native controls over finished frames.  A frame's index is its place in the order of
   itertools.product over the axes; frames are asked for when the reader comes near. */
{
  const FOLDER = new URL("explorers/", document.currentScript.src);
  const PHONE = matchMedia("(max-width: 480px)");
  const PRINT = matchMedia("print");
  const CALM = matchMedia("(prefers-reduced-motion: reduce)");
  const waiting = {}; // file name → what to do with its frames

  window.explorerFrames = (name, frames) => waiting[name]?.(frames);

  /** Load the frames of one file, once. */
  const loadFrames = (name) =>
    new Promise((resolve) => {
      waiting[name] = resolve;
      const script = document.createElement("script");
      script.src = new URL(`${name}.js`, FOLDER);
      document.head.append(script);
    });

  /** One axis: a slider or radio buttons behind the same three functions. */
  const axisOf = (element) => {
    const slider = element.querySelector("input[type=range]");
    if (!slider) {
      const radios = [...element.querySelectorAll("input")];
      return {
        element,
        size: radios.length,
        get: () => radios.findIndex((radio) => radio.checked),
        set: (place) => (radios[place].checked = true),
      };
    }
    const labels = JSON.parse(slider.dataset.labels);
    return {
      element,
      size: labels.length,
      get: () => +slider.value,
      set: (place) => {
        slider.value = place;
        slider.setAttribute("aria-valuetext", labels[place]);
        slider.nextElementSibling.value = labels[place];
      },
    };
  };

  const start = (root) => {
    const find = (selector) => root.querySelector(selector);
    const axes = [...root.querySelectorAll("[data-axis]")].map(axisOf);
    const names = axes.map((axis) => axis.element.dataset.axis);
    const picture = find(".explorer-picture");
    const loaded = {};
    let shown = +root.dataset.start;
    let timer;
    let playing;

    const variant = () =>
      PHONE.matches && root.dataset.variants.includes("narrow") ? "narrow" : "wide";
    const indexOf = (places) =>
      places.reduce((sum, place, i) => sum * axes[i].size + place, 0);
    const index = () => indexOf(axes.map((axis) => axis.get()));
    const load = () => {
      const kind = variant();
      loaded[kind] ??= loadFrames(`${root.dataset.frames}-${kind}`).then((frames) => {
        loaded[kind].frames = frames;
        show();
      });
      return loaded[kind].frames;
    };

    const show = () => {
      const frames = load();
      const place = PRINT.matches ? +root.dataset.start : index();
      if (!frames) return;
      const [svg, description, grips] = frames[place];
      const box = find(`.picture.${variant()}`) ?? find(".picture");
      if (place !== shown || box.dataset.place !== `${place}`) box.innerHTML = svg;
      for (const other of root.querySelectorAll(".picture")) other.dataset.place = "";
      box.dataset.place = shown = place;
      picture.setAttribute("aria-label", description);
      find(".explorer-description span").textContent = description;
      placeGrips(grips);
    };

    const announce = () => {
      clearTimeout(timer);
      if (playing) return;
      timer = setTimeout(() => {
        find(".explorer-status").textContent = picture.getAttribute("aria-label");
      }, 400);
    };

    const move = () => {
      for (const axis of axes) axis.set(axis.get());
      show();
      announce();
    };

    /* Grips: handles over the rings that are drawn; the sliders do the same for the keyboard. */
    const handles = {};
    const placeGrips = (grips) => {
      for (const [name, [x, y]] of Object.entries(grips)) {
        const handle = (handles[name] ??= newHandle(name));
        handle.style.left = `${100 * x}%`;
        handle.style.top = `${100 * y}%`;
      }
      for (const name in handles) handles[name].hidden = !(name in grips);
    };

    const newHandle = (name) => {
      const handle = document.createElement("div");
      handle.className = "explorer-grip";
      handle.dataset.grip = name;
      handle.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        pause();
        handle.setPointerCapture(event.pointerId);
      });
      handle.addEventListener("pointermove", (event) => {
        if (handle.hasPointerCapture(event.pointerId)) drag(name, event);
      });
      picture.append(handle);
      return handle;
    };

    const drag = (name, event) => {
      const frames = load();
      const box = picture.getBoundingClientRect();
      const moved = name.split(" ").map((axis) => names.indexOf(axis));
      let nearest = Infinity;
      let best;
      const visit = (places, [axis, ...others]) => {
        for (let place = 0; axis !== undefined && place < axes[axis].size; place++)
          visit(places.with(axis, place), others);
        if (axis !== undefined) return;
        const at = frames[indexOf(places)][2][name];
        if (!at) return;
        const x = box.left + at[0] * box.width - event.clientX;
        const y = box.top + at[1] * box.height - event.clientY;
        if (x * x + y * y < nearest) [nearest, best] = [x * x + y * y, places];
      };
      visit(axes.map((axis) => axis.get()), moved);
      best?.forEach((place, i) => axes[i].set(place));
      move();
    };

    /* Time: play, pause, step. */
    const pause = () => {
      if (!playing) return;
      clearInterval(playing.clock);
      playing.button.textContent = "Play";
      playing.button.setAttribute("aria-pressed", "false");
      playing = undefined;
      announce();
    };

    const play = (button, axis) => {
      if (axis.get() === axis.size - 1) axis.set(0);
      button.textContent = "Pause";
      button.setAttribute("aria-pressed", "true");
      const clock = setInterval(() => {
        axis.set(axis.get() + 1);
        move();
        if (axis.get() === axis.size - 1) pause();
      }, +button.dataset.play);
      playing = { button, clock };
      move();
    };

    root.addEventListener("click", (event) => {
      const button = event.target.closest(".explorer-buttons button");
      if (!button) return;
      const axis = axes.find((axis) => axis.element.contains(button));
      const again = playing?.button !== button;
      pause();
      if (button.dataset.step) {
        axis.set(Math.min(Math.max(axis.get() + +button.dataset.step, 0), axis.size - 1));
        move();
      } else if (again) play(button, axis);
    });
    root.addEventListener("input", () => {
      pause();
      move();
    });
    new IntersectionObserver(
      ([entry], observer) => {
        if (!entry.isIntersecting) return;
        observer.disconnect();
        load();
      },
      { rootMargin: "100%" },
    ).observe(root);
    PHONE.addEventListener("change", show);
    PRINT.addEventListener("change", () => {
      pause();
      show();
    });
    CALM.addEventListener("change", pause);
    find(".explorer-controls").disabled = false;
  };

  document.querySelectorAll(".explorer").forEach(start);
}
