// A grid of cards. Streamlit calls this function with new data whenever the page is drawn again; nodes of
// cards that stay are kept, so that nothing flickers and the focus stays where it is.

const KEYS = { l: "like", x: "dislike", u: "undo" };

const make = (tag, properties = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
};

function build(card, tell) {
  const picture = make("img", {
    alt: card.alt, loading: "lazy", decoding: "async", width: 320, height: 320,
    sizes: "(max-width: 480px) 44vw, 280px", srcset: card.widths, src: card.picture,
  });
  picture.addEventListener("error", () => node.classList.add("unseen"));
  const open = make("button", { type: "button", className: "open" }, picture);
  open.setAttribute("aria-label", `Details of ${card.alt}`);
  const button = (verb, text, name) => {
    const made = make("button", { type: "button", className: verb, textContent: text });
    made.setAttribute("aria-label", `${name}: ${card.title}`);
    made.setAttribute("aria-keyshortcuts", Object.keys(KEYS).find((key) => KEYS[key] === verb));
    made.addEventListener("click", () => tell(verb, card.id));
    return made;
  };
  open.addEventListener("click", () => tell("open", card.id));
  const rated = make("p", { className: "rated" });
  const node = make("li", { className: "card" },
    make("div", { className: "frame" }, open, make("span", { className: "badge", hidden: !card.badge, textContent: card.badge })),
    make("div", { className: "words" },
      make("p", { className: "brand", textContent: card.brand }),
      make("p", { className: "title", textContent: card.title }),
      make("p", { className: "price", textContent: card.price }),
      make("p", { className: "sizes", textContent: card.sizes }),
      make("p", { className: "because" })),
    make("div", { className: "rate" },
      rated,
      button("like", "♥ Like", "Like"),
      button("dislike", "Not for me", "Not for me"),
      button("undo", "Undo", "Undo")));
  if (card.sizes) node.querySelector(".sizes").setAttribute("aria-label", `Sizes ${card.sizes}`);
  node.dataset.id = card.id;
  return node;
}

function refresh(node, card) {
  const was = node.dataset.rated;
  node.dataset.rated = card.rated;
  node.querySelector(".rated").textContent = { like: "♥ Liked", dislike: "Not for you" }[card.rated] ?? "";
  const reason = node.querySelector(".because");
  if (reason.dataset.text !== card.because + card.like) {
    reason.dataset.text = card.because + card.like;
    const thumbnail = card.like && make("img", { src: card.like, alt: "", width: 32, height: 32 });
    if (thumbnail) thumbnail.loading = "lazy";
    reason.replaceChildren(...(card.because ? [thumbnail, card.because].filter(Boolean) : []));
  }
  // What was clicked is hidden now; the focus goes to what stands in its place.
  if (was !== undefined && was !== card.rated && node.contains(node.getRootNode().activeElement ?? null)) {
    node.querySelector(card.rated ? ".undo" : ".like").focus();
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  let list = parentElement.querySelector("ul");
  if (!list) {
    list = make("ul");
    parentElement.append(
      make("p", { className: "status", role: "status" }),
      list,
      make("button", { type: "button", className: "more", textContent: "Show more" }));
    list.addEventListener("keydown", (event) => move(event, list));
  }
  const status = parentElement.querySelector(".status");
  const more = parentElement.querySelector(".more");
  let asked = false;
  const tell = (verb, item) => {
    if (asked) return; // one thing at a time: the answer draws the page again
    asked = verb !== "open";
    list.setAttribute("aria-busy", String(asked));
    const card = list.querySelector(`[data-id="${CSS.escape(item)}"]`);
    if (card && (verb === "like" || verb === "dislike")) card.dataset.rated = verb; // seen at once
    setTriggerValue("event", { verb, item });
  };
  list.tell = tell;
  list.setAttribute("aria-label", data.label);
  list.setAttribute("aria-busy", "false");
  list.classList.toggle("compact", data.compact);
  if (status.textContent !== data.status) status.textContent = data.status;

  const known = new Map([...list.children].map((node) => [node.dataset.id, node]));
  const nodes = data.cards.map((card) => {
    const node = known.get(card.id) ?? build(card, (...what) => list.tell(...what));
    refresh(node, card);
    known.delete(card.id);
    return node;
  });
  known.forEach((node) => node.remove());
  nodes.forEach((node, place) => {
    if (list.children[place] !== node) list.insertBefore(node, list.children[place] ?? null);
  });

  more.hidden = !data.more;
  more.disabled = false;
  const ask = () => {
    if (more.hidden || more.disabled || asked) return;
    more.disabled = true;
    tell("more", "");
  };
  more.onclick = ask;
  const watch = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && ask(), { rootMargin: "200px" });
  if (data.more) watch.observe(more);
  return () => watch.disconnect();
}

// Arrows go from card to card, letters rate the card that has the focus.
function move(event, list) {
  const card = event.target.closest("li");
  if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
  const verb = KEYS[event.key.toLowerCase()];
  if (verb) {
    const rated = Boolean(card.dataset.rated);
    if (rated === (verb === "undo")) list.tell(verb, card.dataset.id);
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  const columns = getComputedStyle(list).gridTemplateColumns.split(" ").length;
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
  const next = step && list.children[[...list.children].indexOf(card) + step];
  if (next) {
    next.querySelector(".open").focus();
    event.preventDefault();
  }
}
