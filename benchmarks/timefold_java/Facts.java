package rival;

import java.util.List;
import java.util.Set;

/** What is given: numbered facts, and lists that say which limits and dues an offer or a session touches. */
final class Facts {

    /** A session with its sizes and prices. */
    static final class Session {
        int number, least, most, maxClasses;
        long classYuan, sessionYuan;
        List<Integer> nights;

        int classes(int heads) {
            return (heads + most - 1) / most;
        }

        /** People to add or to send home until every class has its least number: the nearer of both. */
        int misfit(int heads) {
            int classes = classes(heads);
            int missing = least * classes - heads;
            return missing <= 0 ? 0 : Math.min(missing, heads - most * (classes - 1));
        }

        long spend(int heads, long attendancesYuan) {
            return classes(heads) * classYuan + sessionYuan + attendancesYuan;
        }
    }

    /** A session that a cadre may attend. */
    static final class Offer {
        int number, cadre, year, useful, hours, account;
        long yuan, comfort;
        Session session;
        Set<Integer> clashes;
        List<Integer> after, groups, meets, serves;
        List<Away> unitDays;
    }

    /** Thousandths of a person that an offer takes from a unit on a day. */
    record Away(int unitDay, int fraction) { }

    /** One of some offers must be taken before another may be. */
    static final class Prerequisite {
        int number, cadre;
        Set<Integer> offers;
    }

    /** So much at most, or at least, of something that offers or sessions use. */
    static class Limit {
        int number;
        long side;
    }

    /** Thousandths of a person away from a unit on a working day. */
    static final class UnitDay extends Limit { }

    /** People of a team away on a day; call-ups of a cadre in a year. */
    static final class Group extends Limit { }

    /** Beds of an institution in a night. */
    static final class Night extends Limit { }

    /** Rooms, teachers or staff of an institution on a day. */
    static final class Room extends Limit { }

    /** Ceiling of a fund. */
    static final class Fund extends Limit { }

    /** Floor of a fund. */
    static final class Floor extends Limit { }

    /** What each class of a session takes of a Room. */
    record RoomUse(int room, int session, int each) { }

    /** A fund that pays for a session. */
    record FundUse(int fund, int session) { }

    /** A floor toward which what a session costs counts. */
    record FloorUse(int floor, int session) { }

    /** A duty that one attendance meets: coverage, a deadline. */
    static final class Due {
        int number, cadre;
        long weight;
    }

    /** A training need that one attendance meets. */
    static final class Need {
        int number, cadre;
        long points;
    }

    /** Hours due in a window: what is missing at the start, and how much of it study may give. */
    static final class Hours {
        int number;
        long due, missing, room, weight, price;

        long study(long attended) {
            return Math.max(0, Math.min(missing - attended, room));
        }

        /** Weighted per mille of the hours due that are missing all the same, rounded up. */
        long shortfall(long attended) {
            long left = Math.max(0, missing - attended - study(attended));
            return weight * ((1000 * left + due - 1) / due);
        }
    }

    private Facts() { }
}
