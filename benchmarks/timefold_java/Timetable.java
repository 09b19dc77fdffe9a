package rival;

import ai.timefold.solver.core.api.domain.solution.ConstraintWeightOverrides;
import ai.timefold.solver.core.api.domain.solution.PlanningEntityCollectionProperty;
import ai.timefold.solver.core.api.domain.solution.PlanningScore;
import ai.timefold.solver.core.api.domain.solution.PlanningSolution;
import ai.timefold.solver.core.api.domain.solution.ProblemFactCollectionProperty;
import ai.timefold.solver.core.api.score.buildin.bendablelong.BendableLongScore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/** A problem and its solution. Levels of the score: limits; class sizes; then duties, floors, need, cost, comfort, one before the next. */
@PlanningSolution
public class Timetable {
    static final int HARD = 2, SOFT = 5;

    @PlanningEntityCollectionProperty
    public List<Slot> slots = new ArrayList<>();
    @ProblemFactCollectionProperty
    public List<Object> facts = new ArrayList<>();
    public ConstraintWeightOverrides<BendableLongScore> weights = ConstraintWeightOverrides.none();
    @PlanningScore(bendableHardLevelsSize = HARD, bendableSoftLevelsSize = SOFT)
    public BendableLongScore score;

    /** Sends home whoever stands in the way of full classes: all of a class that does not come together, else the last. */
    void cancelMisfits() {
        var attending = new HashMap<Facts.Session, List<Slot>>();
        for (var slot : slots) {
            if (slot.offer != null) {
                attending.computeIfAbsent(slot.offer.session, session -> new ArrayList<>()).add(slot);
            }
        }
        attending.forEach((session, there) -> {
            int heads = there.size();
            if (session.misfit(heads) > 0) {
                int full = (session.classes(heads) - 1) * session.most;
                there.subList(full, heads).forEach(slot -> slot.offer = null);
            }
        });
    }

    /** The same problem with the same choices in slots of its own. */
    Timetable copy() {
        var other = new Timetable();
        other.facts = facts;
        for (var slot : slots) {
            var own = new Slot(slot.id, slot.cadre, slot.offers);
            own.offer = slot.offer;
            other.slots.add(own);
        }
        return other;
    }
}
