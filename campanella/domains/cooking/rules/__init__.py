"""The rules of what is cooked: dishes and diets, weeks of a menu, orders."""

from campanella.domains.cooking.rules.dishes import ALLERGENS as ALLERGENS
from campanella.domains.cooking.rules.dishes import EVERY as EVERY
from campanella.domains.cooking.rules.dishes import LONGEST_NAME as LONGEST_NAME
from campanella.domains.cooking.rules.dishes import MOST_DISHES as MOST_DISHES
from campanella.domains.cooking.rules.dishes import SAME as SAME
from campanella.domains.cooking.rules.dishes import UNDEFINED as UNDEFINED
from campanella.domains.cooking.rules.dishes import Dish as Dish
from campanella.domains.cooking.rules.dishes import Instead as Instead
from campanella.domains.cooking.rules.dishes import NotUnderstood as NotUnderstood
from campanella.domains.cooking.rules.dishes import allergen as allergen
from campanella.domains.cooking.rules.dishes import codes_of as codes_of
from campanella.domains.cooking.rules.dishes import is_same as is_same
from campanella.domains.cooking.rules.dishes import packed as packed
from campanella.domains.cooking.rules.dishes import plate as plate
from campanella.domains.cooking.rules.dishes import read_dishes as read_dishes
from campanella.domains.cooking.rules.dishes import undefined as undefined
from campanella.domains.cooking.rules.dishes import unpacked as unpacked
from campanella.domains.cooking.rules.dishes import written as written
from campanella.domains.cooking.rules.orders import MOST_WEEKS as MOST_WEEKS
from campanella.domains.cooking.rules.orders import Changed as Changed
from campanella.domains.cooking.rules.orders import ClassOrder as ClassOrder
from campanella.domains.cooking.rules.orders import Special as Special
from campanella.domains.cooking.rules.orders import week_of as week_of
