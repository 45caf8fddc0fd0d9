// What a class is, out of what the server knows and of the marks made here that it does not know yet. Nothing is stored.

import * as clock from "./clock.js";

// Marks that change what is shown: those that wait, and those the server took but the list here does not show yet.
export function counts(row) {
  return row.state === "waiting" || row.state === "accepted";
}

export function isOf(row, day, one) {
  const { event } = row;
  return event.day === day && event.class_id === one.id && event.service === one.service.code;
}

// Until when a class is called: lists that were kept before that was told have one hour for the whole day.
export function closesAt(day, one) {
  return one.closes_at ?? day.closes_at;
}

export function childState(child, rows, goes) {
  let state = begin(child);
  for (const { event } of rows) if (event.child_id === child.id) state = after(state, event, child, goes);
  // What the family has said stays beside what the school marks: they may differ, either way, and both are told.
  const isOdd = state.on ? state.byFamily : Boolean(child.booked_by_family);
  const mine = rows.filter((row) => row.event.child_id === child.id);
  return { ...state, isOdd, isMarked: Boolean(child.mark) || mine.length > 0, waits: mine.some((row) => row.state === "waiting") };
}

function begin(child) {
  if (child.mark) return { ...child.mark, on: child.mark.present, byFamily: child.cancelled_by_family };
  return {
    on: child.booked && !child.cancelled_by_family,
    white: child.white,
    late: false,
    arrived: null,
    left: null,
    byFamily: child.cancelled_by_family,
  };
}

function after(state, event, child, goes) {
  const { kind, value } = event;
  if (kind === "arrived") return { ...state, on: true, arrived: value };
  if (kind === "left") return value && goes(event) ? { ...state, on: false, white: false, late: false, left: value } : { ...state, left: value };
  if (kind === "absent") return { ...state, on: false, white: false, late: false, left: null };
  // Who went home before the meal and is there again has come back.
  const left = state.on ? state.left : null;
  // Who only says that a child is there says nothing of its menu: what the family wants stays.
  const white = kind === "white" || (value?.white ?? child.white);
  const late = kind === "late" || Boolean(value?.late);
  return { ...state, on: true, white, late, left };
}

// Whether who leaves does not eat, as the server judges it: told before marks end, or before the class was confirmed.
function goesBeforeMeal(one, rows) {
  const confirmed = rows.find(({ event }) => event.kind === "confirmed");
  return (event) => one.service.kind === "meal" && (
    clock.corrected(event.made_at) <= new Date(one.marks_until ?? 0)
    || !(one.is_confirmed || (confirmed && confirmed.event.made_at <= event.made_at)));
}

// The whole class: each child's state, who eats, the adults, whether it is confirmed, how many marks wait.
export function classState(day, one, all) {
  const rows = all.filter((row) => isOf(row, day, one) && counts(row));
  const goes = goesBeforeMeal(one, rows);
  const children = one.children.map((child) => ({ child, state: childState(child, rows, goes) }));
  const there = children.filter(({ state }) => state.on);
  const last = (kind) => rows.findLast(({ event }) => event.kind === kind);
  return {
    children,
    there: there.length,
    odd: children.filter(({ state }) => state.isOdd).map(({ child, state }) => ({ name: child.name, on: state.on })),
    away: children.length - there.length,
    white: there.filter(({ state }) => state.white).length,
    packed: there.filter(({ child }) => child.packed).length,
    adults: last("adults")?.event.value ?? one.adults,
    isConfirmed: one.is_confirmed || Boolean(last("confirmed")),
    confirmedAt: last("confirmed")?.event.made_at,
    isBegun: rows.length > 0 || one.children.some((child) => child.mark),
    waits: rows.filter((row) => row.state === "waiting").length,
  };
}

// The mark that a tap makes: what the child becomes, said whole, so that it may arrive late and twice.
export function tapped(state, mode, at) {
  if (mode === "arrived") return { kind: "arrived", value: at };
  if (mode === "left" && state.left && !state.on) return { kind: "present", value: null };
  if (mode === "left") return { kind: "left", value: state.left ? null : at };
  if (mode === "absent") return state.on ? { kind: "absent", value: null } : { kind: "present", value: null };
  const becomes = { white: state.on && state.white, late: state.on && state.late };
  becomes[mode] = !(state.on && state[mode]);
  return { kind: becomes.white ? "white" : becomes.late ? "late" : "present", value: becomes };
}
