package rival;

import static ai.timefold.solver.core.api.score.stream.ConstraintCollectors.count;
import static ai.timefold.solver.core.api.score.stream.ConstraintCollectors.countLong;
import static ai.timefold.solver.core.api.score.stream.ConstraintCollectors.max;
import static ai.timefold.solver.core.api.score.stream.ConstraintCollectors.sum;
import static ai.timefold.solver.core.api.score.stream.ConstraintCollectors.sumLong;
import static ai.timefold.solver.core.api.score.stream.Joiners.equal;
import static ai.timefold.solver.core.api.score.stream.Joiners.filtering;

import ai.timefold.solver.core.api.score.buildin.bendablelong.BendableLongScore;
import ai.timefold.solver.core.api.score.stream.Constraint;
import ai.timefold.solver.core.api.score.stream.ConstraintFactory;
import ai.timefold.solver.core.api.score.stream.ConstraintProvider;
import ai.timefold.solver.core.api.score.stream.bi.BiConstraintStream;
import ai.timefold.solver.core.api.score.stream.tri.TriConstraintStream;
import java.util.ArrayList;
import java.util.List;
import rival.Facts.Away;
import rival.Facts.Due;
import rival.Facts.Floor;
import rival.Facts.FloorUse;
import rival.Facts.Fund;
import rival.Facts.FundUse;
import rival.Facts.Group;
import rival.Facts.Hours;
import rival.Facts.Limit;
import rival.Facts.Need;
import rival.Facts.Night;
import rival.Facts.Prerequisite;
import rival.Facts.Room;
import rival.Facts.RoomUse;
import rival.Facts.Session;
import rival.Facts.UnitDay;

/** One constraint per rule or goal of the generated instances. */
public class Rules implements ConstraintProvider {
    /** The constraint whose weight changes from round to round. */
    static final String TOO_SMALL = "class too small";
    private static final BendableLongScore LIMIT = hard(0), CLASS_SIZE = hard(1);
    private static final BendableLongScore DUTIES = soft(0), FLOOR = soft(1), NEED = soft(2), COST = soft(3), COMFORT = soft(4);

    static BendableLongScore hard(int level) {
        return BendableLongScore.ofHard(Timetable.HARD, Timetable.SOFT, level, 1);
    }

    static BendableLongScore soft(int level) {
        return BendableLongScore.ofSoft(Timetable.HARD, Timetable.SOFT, level, 1);
    }

    @Override
    public Constraint[] defineConstraints(ConstraintFactory factory) {
        var all = new ArrayList<Constraint>();
        all.addAll(people(factory));
        all.addAll(institutions(factory));
        all.addAll(money(factory));
        all.addAll(goals(factory));
        return all.toArray(new Constraint[0]);
    }

    private static List<Constraint> people(ConstraintFactory factory) {
        return List.of(
            factory.forEachUniquePair(Slot.class, equal(slot -> slot.cadre))
                .filter((a, b) -> a.offer == b.offer || a.offer.clashes.contains(b.offer.number))
                .penalizeLong(LIMIT, (a, b) -> 1L).asConstraint("one place, no repeat, spacing"),
            factory.forEach(Prerequisite.class)
                .join(Slot.class, equal(p -> p.cadre, slot -> slot.cadre),
                    filtering((p, slot) -> slot.offer.after.contains(p.number)))
                .ifNotExists(Slot.class, equal((p, slot) -> p.cadre, other -> other.cadre),
                    filtering((p, slot, other) -> p.offers.contains(other.offer.number)))
                .penalizeLong(LIMIT, (p, slot) -> 1L).asConstraint("prerequisites"),
            atMost(factory.forEach(Slot.class)
                .flattenLast(slot -> slot.offer.unitDays)
                .groupBy(Away::unitDay, sumLong(Away::fraction)), UnitDay.class, 1000, "unit release"),
            atMost(factory.forEach(Slot.class)
                .flattenLast(slot -> slot.offer.groups)
                .groupBy(group -> group, countLong()), Group.class, 1, "teams and call-ups"));
    }

    private static List<Constraint> institutions(ConstraintFactory factory) {
        return List.of(
            attending(factory)
                .filter((session, heads, yuan) -> heads > session.most * session.maxClasses)
                .penalizeLong(LIMIT, (session, heads, yuan) -> heads - session.most * session.maxClasses)
                .asConstraint("class too full"),
            attending(factory)
                .filter((session, heads, yuan) -> session.misfit(heads) > 0)
                .penalizeLong(CLASS_SIZE, (session, heads, yuan) -> session.misfit(heads)).asConstraint(TOO_SMALL),
            atMost(factory.forEach(Slot.class)
                .flattenLast(slot -> slot.offer.session.nights)
                .groupBy(night -> night, countLong()), Night.class, 1, "beds"),
            atMost(factory.forEach(Slot.class)
                .groupBy(slot -> slot.offer.session, count())
                .join(RoomUse.class, equal((session, heads) -> session.number, RoomUse::session))
                .groupBy((session, heads, use) -> use.room(),
                    sumLong((session, heads, use) -> (long) use.each() * session.classes(heads))),
                Room.class, 1, "rooms, teachers, staff"));
    }

    private static List<Constraint> money(ConstraintFactory factory) {
        return List.of(
            atMost(attending(factory)
                .join(FundUse.class, equal((session, heads, yuan) -> session.number, FundUse::session))
                .groupBy((session, heads, yuan, use) -> use.fund(),
                    sumLong((session, heads, yuan, use) -> session.spend(heads, yuan))), Fund.class, 1000, "ceilings"),
            factory.forEach(Floor.class).penalizeLong(FLOOR, floor -> floor.side).asConstraint("floors, nothing spent"),
            factory.forEach(Slot.class)
                .groupBy(slot -> slot.offer.session, count(), sumLong(slot -> slot.offer.yuan), sum(slot -> slot.offer.useful))
                .filter((session, heads, yuan, useful) -> useful >= session.least * session.classes(heads))
                .map((session, heads, yuan, useful) -> session, (session, heads, yuan, useful) -> session.spend(heads, yuan))
                .join(FloorUse.class, equal((session, yuan) -> session.number, FloorUse::session))
                .groupBy((session, yuan, use) -> use.floor(), sumLong((session, yuan, use) -> yuan))
                .join(Floor.class, equal((floor, spent) -> floor, due -> due.number))
                .rewardLong(FLOOR, (floor, spent, due) -> Math.min(spent, due.side)).asConstraint("floors, what is spent"),
            attending(factory)
                .penalizeLong(COST, (session, heads, yuan) -> session.spend(heads, yuan)).asConstraint("cost of sessions"));
    }

    private static List<Constraint> goals(ConstraintFactory factory) {
        return List.of(
            factory.forEach(Due.class)
                .ifNotExists(Slot.class, equal(due -> due.cadre, slot -> slot.cadre),
                    filtering((due, slot) -> slot.offer.meets.contains(due.number)))
                .penalizeLong(DUTIES, due -> due.weight).asConstraint("coverage and deadlines"),
            factory.forEach(Hours.class)
                .penalizeLong(DUTIES, hours -> hours.shortfall(0)).asConstraint("hours, none attended"),
            attended(factory)
                .rewardLong(DUTIES, (account, attended, hours) -> hours.shortfall(0) - hours.shortfall(attended))
                .asConstraint("hours, what is attended"),
            factory.forEach(Hours.class)
                .penalizeLong(COST, hours -> hours.price * hours.study(0)).asConstraint("study, none attended"),
            attended(factory)
                .rewardLong(COST, (account, attended, hours) -> hours.price * (hours.study(0) - hours.study(attended)))
                .asConstraint("study, what is spared"),
            factory.forEach(Need.class)
                .ifExists(Slot.class, equal(need -> need.cadre, slot -> slot.cadre),
                    filtering((need, slot) -> slot.offer.serves.contains(need.number)))
                .rewardLong(NEED, need -> need.points).asConstraint("need"),
            factory.forEach(Slot.class)
                .impactLong(COMFORT, slot -> -slot.offer.comfort).asConstraint("early, as wished"),
            factory.forEach(Slot.class)
                .groupBy(slot -> slot.offer.year, count())
                .map((year, heads) -> heads)
                .groupBy(max())
                .penalizeLong(COMFORT, peak -> peak).asConstraint("fullest year"));
    }

    /** Sessions that somebody attends, how many do, and what their days and travel cost. */
    private static TriConstraintStream<Session, Integer, Long> attending(ConstraintFactory factory) {
        return factory.forEach(Slot.class)
            .groupBy(slot -> slot.offer.session, count(), sumLong(slot -> slot.offer.yuan));
    }

    /** Hours attended that count toward each account. */
    private static TriConstraintStream<Integer, Long, Hours> attended(ConstraintFactory factory) {
        return factory.forEach(Slot.class)
            .filter(slot -> slot.offer.account >= 0)
            .groupBy(slot -> slot.offer.account, sumLong(slot -> slot.offer.hours))
            .join(Hours.class, equal((account, attended) -> account, hours -> hours.number));
    }

    /** What is used of each limit may not exceed it; the excess counts in units of a size. */
    private static Constraint atMost(
            BiConstraintStream<Integer, Long> use, Class<? extends Limit> kind, long unit, String name) {
        return use.join(kind, equal((number, amount) -> number, limit -> limit.number))
            .filter((number, amount, limit) -> amount > limit.side)
            .penalizeLong(LIMIT, (number, amount, limit) -> (amount - limit.side + unit - 1) / unit)
            .asConstraint(name);
    }
}
