#!/usr/bin/env python3
# Makes shop folders of other people's menus, for `rozmova bench understanding --menus OUT`; nothing of them is kept here.
# In: the folder of the data sets (two menus as tables of aliases, orders with their parses). Out: for each menu a folder
# with shop.json5, catalog.json5 and orders.jsonl: what was typed, and the items that were meant, as the contract writes them.
#
#   Tests/Support/menus.py DATA/text OUT
import json
import pathlib
import re
import sys


def aliases(file):
    """`phrase TAB kind(ID)` a line, as {ID: [phrases]}; `kind(Or(A,B))` is a phrase of both."""
    found = {}
    for line in file.read_text().splitlines():
        if "\t" not in line:
            continue
        phrase, meaning = line.split("\t", 1)
        inner = re.fullmatch(r"\s*\w+\((.*)\)\s*", meaning).group(1)
        several = re.fullmatch(r"Or\((.*)\)", inner)
        for name in several.group(1).split(",") if several else [inner]:
            found.setdefault(name.replace(",", "_").lower(), []).append(phrase.strip())
    return found


def entry(key, name, phrases, extra):
    """A product or a modifier: its own name first where people say it, else the first thing that they say."""
    plain = name.replace("_", " ")
    first = plain if plain in phrases else phrases[0]
    return {key: name, "title" if key == "sku" else "name": first,
            "aliases": [p for p in dict.fromkeys(phrases) if p != first], "price": "1.00", **extra}


def group(name, phrases, **more):
    return {"id": name, "name": name.replace("_", " "), "min": 0, "max": more.pop("max", 12), **more,
            "modifiers": [entry("id", one, said, {}) for one, said in phrases.items()]}


def tree(text):
    """Nested brackets as lists of words and lists."""
    stack = [[]]
    for token in re.findall(r"[()]|[^\s()]+", text):
        if token == "(":
            stack.append([])
        elif token == ")":
            done = stack.pop()
            stack[-1].append(done)
        else:
            stack[-1].append(token)
    return stack[0]


class Items:
    """The items of one parse. `products` says what a kind of order is of, `groups` what its slots are."""

    def __init__(self, products, groups):
        self.products, self.groups = products, groups

    def of(self, nodes):
        if len(nodes) == 1 and nodes[0][0] == "ORDER":
            nodes = nodes[0][1:]
        return [item for node in nodes for item in self.item(node)]

    def item(self, node):
        skus, quantity, chosen, without = [], "1", [], []
        for slot in node[1:]:
            name, value = slot[0], "_".join(str(one) for one in slot[1:]).lower()
            if name == "NUMBER":
                quantity = value
            elif name in self.products[node[0]]:
                skus.append(value)
            elif name == "NOT":
                without += self.modifiers(slot[1])
            else:
                chosen += self.modifiers(slot)
        skus = skus or [name for name in self.products[node[0]] if name.islower()]
        return [{"sku": sku, "quantity": quantity, "modifiers": chosen if index == 0 else [], "without": without}
                for index, sku in enumerate(skus)]

    def modifiers(self, slot):
        if slot[0].startswith("COMPLEX"):
            amount = next(part[1] for part in slot[1:] if part[0] == "QUANTITY").lower()
            return [{**one, "amount": amount} for part in slot[1:] if part[0] != "QUANTITY"
                    for one in self.modifiers(part)]
        if isinstance(slot[1], list):
            inner = slot[1][1:] if slot[1][0] in ("OR", "Or") else ["_".join(part[1] for part in slot[1:])]
        else:
            inner = ["_".join(slot[1:])]
        return [{"group": self.groups[slot[0]], "id": one.lower()} for one in inner]


def write(folder, name, groups, products, orders, items):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "shop.json5").write_text(json.dumps({"name": name, "currency": "USD"}))
    (folder / "catalog.json5").write_text(
        json.dumps({"currency": "USD", "modifierGroups": groups, "products": products}, indent=1))
    with open(folder / "orders.jsonl", "w") as out:
        for line in orders.read_text().splitlines():
            order = json.loads(line)
            out.write(json.dumps({"text": order["text"], "items": items.of(tree(order["parse"]))}) + "\n")


def pizza(data, out):
    menu = data / "pizza-menu"
    amounts = {"amounts": ["extra", "light"], "removable": True}
    volumes = {"_".join(key.split("_")): said for key, said in aliases(menu / "drink_volume.txt").items()}
    groups = [
        group("size", aliases(menu / "size.txt"), max=1), group("topping", aliases(menu / "topping.txt"), **amounts),
        group("style", aliases(menu / "style.txt"), removable=True),
        group("container", aliases(menu / "container.txt"), max=1), group("volume", volumes, max=1),
    ]
    products = [entry("sku", "pizza", ["pizza", "pie", "pizza pie"], {"modifierGroups": ["size", "topping", "style"]})]
    products += [entry("sku", sku, said, {"modifierGroups": ["size", "container", "volume"]})
                 for sku, said in aliases(menu / "drinks.txt").items()]
    items = Items({"PIZZAORDER": ["pizza"], "DRINKORDER": ["DRINKTYPE"]},
                  {"SIZE": "size", "TOPPING": "topping", "STYLE": "style", "CONTAINERTYPE": "container",
                   "VOLUME": "volume"})
    write(out / "pizza", "Pizza", groups, products, data / "pizza-dev-100.jsonl", items)


def burrito(data, out):
    menu = data / "burrito-menu"
    files = {"MAIN_FILLING": "main_fillings", "RICE_FILLING": "rice_fillings", "BEAN_FILLING": "bean_fillings",
             "SALSA_TOPPING": "salsa_toppings", "TOPPING": "toppings"}
    names = {slot: slot.lower() for slot in files}
    groups = [group(names[slot], aliases(menu / f"{file}.txt"), amounts=["extra", "light"], removable=True)
              for slot, file in files.items()]
    kinds, products = {}, []
    for intent in json.loads((menu / "schema.json").read_text())["intents"]:
        kind = intent["name"]
        if kind in ("SIDE_ORDER", "DRINK_ORDER"):
            continue
        sku = kind.removesuffix("_ORDER").lower()
        kinds[kind] = [sku]
        products.append(entry("sku", sku, intent["entityNames"], {"modifierGroups": list(names.values())}))
    kinds |= {"SIDE_ORDER": ["SIDE_TYPE"], "DRINK_ORDER": ["DRINK_TYPE"]}
    # What is sold beside a meal has a name of its own, as a topping may be called the same.
    for sku, said in aliases(menu / "side_types.txt").items():
        dip = {"modifierGroups": ["salsa_topping"]} if sku == "chips" else {}
        products.append(entry("sku", sku, said, dip))
    products += [entry("sku", sku, said, {}) for sku, said in aliases(menu / "drink_types.txt").items()]
    write(out / "burrito", "Burritos", groups, products, data / "burrito-dev.jsonl", Items(kinds, names))


if __name__ == "__main__":
    source, target = map(pathlib.Path, sys.argv[1:3])
    pizza(source, target)
    burrito(source, target)
