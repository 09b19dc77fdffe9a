package rival;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import rival.Facts.Limit;

/** Reads a problem file: a fact a line, its kind first, numbers and comma lists ("-": empty) after it. */
final class Reader {
    private final Timetable table = new Timetable();
    private final List<Facts.Session> sessions = new ArrayList<>();
    private final Map<Long, List<Facts.Offer>> ofYear = new TreeMap<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private final Map<String, Supplier<Limit>> limits = Map.of(
        "unit_day", Facts.UnitDay::new, "group", Facts.Group::new, "night", Facts.Night::new,
        "room", Facts.Room::new, "fund", Facts.Fund::new, "floor", Facts.Floor::new);
    private int slotsPerYear;
    private String[] line;
    private int at;

    static Timetable read(Path file) throws IOException {
        var reader = new Reader();
        try (var lines = Files.newBufferedReader(file)) {
            for (var text = lines.readLine(); text != null; text = lines.readLine()) {
                reader.line = text.split(" ");
                reader.at = 1;
                reader.fact(reader.line[0]);
            }
        }
        reader.addSlots();
        return reader.table;
    }

    private void fact(String kind) {
        int number = counts.merge(kind, 1, Integer::sum) - 1;
        switch (kind) {
            case "slots_per_year" -> slotsPerYear = whole();
            case "session" -> session(number);
            case "offer" -> offer();
            case "prerequisite" -> prerequisite(number);
            case "room_use" -> table.facts.add(new Facts.RoomUse(whole(), whole(), whole()));
            case "fund_use" -> table.facts.add(new Facts.FundUse(whole(), whole()));
            case "floor_use" -> table.facts.add(new Facts.FloorUse(whole(), whole()));
            case "due" -> due(number);
            case "need" -> need(number);
            case "hours" -> hours(number);
            default -> limit(number, limits.get(kind).get());
        }
    }

    private void session(int number) {
        var s = new Facts.Session();
        s.number = number;
        s.least = whole();
        s.most = whole();
        s.maxClasses = whole();
        s.classYuan = amount();
        s.sessionYuan = amount();
        s.nights = list();
        sessions.add(s);
    }

    private void offer() {
        var o = new Facts.Offer();
        o.number = whole();
        o.cadre = whole();
        o.session = sessions.get(whole());
        o.year = whole();
        o.yuan = amount();
        o.useful = whole();
        o.comfort = amount();
        int fraction = whole();
        o.hours = whole();
        o.account = whole();
        o.clashes = new HashSet<>(list());
        o.after = list();
        o.unitDays = list().stream().map(day -> new Facts.Away(day, fraction)).toList();
        o.groups = list();
        o.meets = list();
        o.serves = list();
        ofYear.computeIfAbsent(o.cadre * 10_000L + o.year, key -> new ArrayList<>()).add(o);
    }

    private void prerequisite(int number) {
        var p = new Facts.Prerequisite();
        p.number = number;
        p.cadre = whole();
        p.offers = new HashSet<>(list());
        table.facts.add(p);
    }

    private void due(int number) {
        var due = new Facts.Due();
        due.number = number;
        due.cadre = whole();
        due.weight = amount();
        table.facts.add(due);
    }

    private void need(int number) {
        var need = new Facts.Need();
        need.number = number;
        need.cadre = whole();
        need.points = amount();
        table.facts.add(need);
    }

    private void hours(int number) {
        var hours = new Facts.Hours();
        hours.number = number;
        hours.due = amount();
        hours.missing = amount();
        hours.room = amount();
        hours.weight = amount();
        hours.price = amount();
        table.facts.add(hours);
    }

    private void limit(int number, Limit limit) {
        limit.number = number;
        limit.side = amount();
        table.facts.add(limit);
    }

    private void addSlots() {
        ofYear.forEach((key, offers) -> {
            for (int i = 0; i < Math.min(offers.size(), slotsPerYear); i++) {
                table.slots.add(new Slot(table.slots.size(), (int) (key / 10_000), offers));
            }
        });
    }

    private int whole() {
        return Integer.parseInt(line[at++]);
    }

    private long amount() {
        return Long.parseLong(line[at++]);
    }

    private List<Integer> list() {
        var text = line[at++];
        var found = new ArrayList<Integer>();
        if (!text.equals("-")) {
            for (var part : text.split(",")) {
                found.add(Integer.valueOf(part));
            }
        }
        return found;
    }
}
