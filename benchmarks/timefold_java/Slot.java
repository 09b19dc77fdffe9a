package rival;

import ai.timefold.solver.core.api.domain.entity.PlanningEntity;
import ai.timefold.solver.core.api.domain.lookup.PlanningId;
import ai.timefold.solver.core.api.domain.valuerange.ValueRangeProvider;
import ai.timefold.solver.core.api.domain.variable.PlanningVariable;
import java.util.List;

/** A place in a cadre's year; empty if no offer is taken. */
@PlanningEntity
public class Slot {
    @PlanningId
    public int id;
    public int cadre;
    @ValueRangeProvider
    public List<Facts.Offer> offers;
    @PlanningVariable(allowsUnassigned = true)
    public Facts.Offer offer;

    public Slot() { }

    Slot(int id, int cadre, List<Facts.Offer> offers) {
        this.id = id;
        this.cadre = cadre;
        this.offers = offers;
    }
}
